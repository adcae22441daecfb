-- Definitions, machines, and finding the machine a name means.

-- name: put_definition
-- A text is kept once; the same hash is the same text.
INSERT INTO definitions (hash, dialect, name, file, text, added_at)
  VALUES (:hash, :dialect, :name, :file, :text, :now)
  ON CONFLICT (hash) DO NOTHING;

-- name: put
-- What is known of a machine; its epoch belongs to raise_epoch.
INSERT INTO machines (
  name, child, dialect, definition_hash, file, folder, template
) VALUES (
  :name, :child, :dialect, :definition_hash, :file, :folder, :template
) ON CONFLICT (name) DO UPDATE SET
  child = excluded.child, dialect = excluded.dialect,
  definition_hash = excluded.definition_hash, file = excluded.file,
  folder = excluded.folder, template = excluded.template;

-- name: definition
-- One version of a definition, for the process that runs it.
SELECT * FROM definitions WHERE hash = :hash;

-- name: every
-- All machines, by name.
SELECT * FROM machines ORDER BY name;

-- name: names
-- All machines, for who asks for one that is not there.
SELECT name FROM machines ORDER BY name;

-- name: by_name
-- One machine.
SELECT * FROM machines WHERE name = :name;

-- name: by_file
-- A machine of this file, a template first: its definition is known.
SELECT * FROM machines WHERE file = :file
  ORDER BY template DESC, name LIMIT 1;

-- name: replicas
-- The machines of the children that are replicas of a name, with what waits.
SELECT m.name, coalesce(w.n, 0) AS n
  FROM children c JOIN machines m ON m.child = c.name
  LEFT JOIN waiting w ON w.machine = m.name
  WHERE json_extract(c.spec_json, '$.replica_of') = :name
  ORDER BY m.name;
