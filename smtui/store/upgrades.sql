-- From one version of the store to the next, each named by the one it leads to.

-- name: to_2
-- Statecharts say more in a message than a name and a payload (SCXML 5.10.1).
ALTER TABLE inbox ADD COLUMN message_json TEXT;

-- name: to_3
-- Where an event of an instance came before, and comes next, for who looks back.
CREATE INDEX IF NOT EXISTS journal_event
  ON journal (machine, instance, event, run, seq) WHERE event <> '';

-- name: to_4
-- Where an instance enters a state again.
CREATE INDEX IF NOT EXISTS journal_move
  ON journal (machine, instance, to_json, run, seq) WHERE from_json <> to_json;
