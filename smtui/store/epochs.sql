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
-- The lives of a machine that have anything in hand.
SELECT * FROM instances INDEXED BY instances_busy
  WHERE machine = :machine AND is_busy = 1 AND id <> 'main'
UNION ALL
SELECT * FROM instances WHERE machine = :machine AND id = 'main'
UNION ALL
SELECT i.* FROM (
    SELECT DISTINCT instance FROM jobs INDEXED BY jobs_held
      WHERE machine = :machine AND status = 'running' AND instance <> 'main'
  ) j CROSS JOIN instances i
  WHERE i.machine = :machine AND i.id = j.instance AND i.is_busy = 0;

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
  snapshot_json = NULL, status = 'ended', configuration_json = '[]', is_busy = 0,
  updated_at = :now, moved = moved + 1
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
