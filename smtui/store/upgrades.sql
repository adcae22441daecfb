-- From one version of the store to the next, each named by the one it leads to.

-- name: to_2
-- Statecharts say more in a message than a name and a payload (SCXML 5.10.1).
ALTER TABLE inbox ADD COLUMN message_json TEXT;
