-- Where machines are, for those whose guards look at them.

-- name: moved
-- How often an instance has moved: a watch compares it with what it saw.
SELECT moved FROM instances WHERE machine = :machine AND id = :id;

-- name: where
-- Where an instance was at its last commit.
SELECT configuration_json, moved FROM instances
  WHERE machine = :machine AND id = :id;

-- name: is_known
-- Is there a machine of that name?
SELECT 1 AS found FROM machines WHERE name = :machine;

-- name: watchers
-- Whom to ring when a topic has changed.
SELECT DISTINCT machine FROM watches WHERE topic = :topic;

-- name: ring
-- Who watches it has something to look at.
UPDATE watches SET rung = 1 WHERE topic = :topic AND rung = 0;

-- name: rung
-- Instances of a machine with something to look at.
SELECT instance, topic FROM watches INDEXED BY watches_rung
  WHERE machine = :machine AND rung = 1
  ORDER BY instance LIMIT :limit;

-- name: rung_machines
-- Machines that may have missed a bell.
SELECT DISTINCT machine FROM watches INDEXED BY watches_rung WHERE rung = 1;
