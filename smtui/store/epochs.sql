-- Who owns a machine, and what passes from one owner to the next.

-- name: owners
-- The owner of one machine, and how the last one ended.
SELECT epoch, left_epoch, boot_id FROM machines WHERE name = :name;

-- name: raise
-- From now on the commits of older owners fail.
UPDATE machines SET epoch = :epoch, boot_id = :boot_id WHERE name = :name;

-- name: leave
-- The owner ends cleanly; a fenced one has nothing to say.
UPDATE machines SET left_epoch = epoch WHERE name = :name AND epoch = :epoch;

-- name: instances
-- The lives of a machine.
SELECT * FROM instances WHERE machine = :machine;

-- name: instance
-- One of them.
SELECT * FROM instances WHERE machine = :machine AND id = :id;

-- name: put_snapshot
-- The attempts of what was in hand are raised.
UPDATE instances SET snapshot_json = :snapshot_json
  WHERE machine = :machine AND id = :id;

-- name: end
-- The run is over; the next load begins another.
UPDATE instances SET
  snapshot_json = NULL, status = 'ended', configuration_json = '[]',
  updated_at = :now
WHERE machine = :machine AND snapshot_json IS NOT NULL;

-- name: results
-- Results that no step has consumed.
SELECT pending_id, answer_json FROM results
  WHERE machine = :machine AND instance = :instance;

-- name: clear_results
-- Of a run that was ended.
DELETE FROM results WHERE machine = :machine;

-- name: clear_timers
-- Of a run that was ended.
DELETE FROM timers WHERE machine = :machine;
