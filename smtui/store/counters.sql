-- Change counters and who watches them.

-- name: bump
-- Something changed under this topic.
INSERT INTO counters (topic, n) VALUES (:topic, 1)
  ON CONFLICT (topic) DO UPDATE SET n = n + 1;

-- name: read
-- A watch compares this with the number it saw.
SELECT n FROM counters WHERE topic = :topic;

-- name: of_instance
-- What an instance watches, to be compared with its new snapshot.
SELECT topic FROM watches WHERE machine = :machine AND instance = :instance;

-- name: watch
-- The instance waits for this topic.
INSERT INTO watches (topic, machine, instance)
  VALUES (:topic, :machine, :instance);

-- name: unwatch
-- It does no longer.
DELETE FROM watches
  WHERE topic = :topic AND machine = :machine AND instance = :instance;

-- name: mark
-- Whether the instance has something to look at.
UPDATE watches SET rung = :rung
  WHERE topic = :topic AND machine = :machine AND instance = :instance
    AND rung <> :rung;

-- name: unwatch_machine
-- A run that was ended watches nothing.
DELETE FROM watches WHERE machine = :machine;
