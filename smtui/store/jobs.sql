-- The job queue. Every claim is one UPDATE over a partial index whose order is
-- the order of the queue: priority, then age. The index is named (INDEXED BY),
-- because without statistics SQLite may prefer one that makes it sort.

-- name: add
-- A new job; the caller has looked for its key and id.
INSERT INTO jobs (
  id, job_type, machine_type, status, priority, data_json, key, max_attempts,
  source_job_id, source, created_at, due_wall, due_boot
) VALUES (
  :id, :job_type, :machine_type, :status, :priority, :data_json, :key,
  :max_attempts, :source_job_id, :source, :now, :due_wall, :due_boot
);

-- name: by_id
-- One job.
SELECT * FROM jobs WHERE id = :id;

-- name: by_key
-- The first job with this dedupe key.
SELECT id FROM jobs WHERE key = :key;

-- name: due
-- Jobs whose time has come, oldest first, so many at a time that a claim stays
-- short whatever piled up.
SELECT seq, job_type FROM jobs WHERE due_boot <= :boot
  ORDER BY due_boot LIMIT 1000;

-- name: promote
-- One of them becomes available.
UPDATE jobs SET status = 'available', due_wall = NULL, due_boot = NULL
  WHERE seq = :seq;

-- name: next_due
-- When to look again.
SELECT due_wall, due_boot FROM jobs WHERE due_boot IS NOT NULL
  ORDER BY due_boot LIMIT 1;

-- name: rebase
-- After a reboot only the wall clock knows when a job is due.
UPDATE jobs SET due_boot = :boot + max(0.0, due_wall - :now)
  WHERE due_boot IS NOT NULL;

-- name: boot_id
-- The boot in which due_boot counts.
SELECT value FROM meta WHERE key = 'boot_id';

-- name: put_boot_id
-- A new boot began.
INSERT INTO meta (key, value) VALUES ('boot_id', :boot_id)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: claim_any
-- The first job of all; a machine type, rare here, is looked for on the way.
UPDATE jobs SET
  status = 'running', machine = :machine, instance = :instance, epoch = :epoch,
  claimed_at = :now, attempts = attempts + 1
WHERE seq = (
  SELECT seq FROM jobs INDEXED BY jobs_any WHERE status = 'available'
    AND (:machine_type IS NULL OR machine_type IS NULL
      OR machine_type = :machine_type)
  ORDER BY priority, seq LIMIT 1
) RETURNING *;

-- name: claim_type
-- The first job of a type.
UPDATE jobs SET
  status = 'running', machine = :machine, instance = :instance, epoch = :epoch,
  claimed_at = :now, attempts = attempts + 1
WHERE seq = (
  SELECT seq FROM jobs INDEXED BY jobs_type
  WHERE status = 'available' AND job_type = :job_type
  ORDER BY priority, seq LIMIT 1
) RETURNING *;

-- name: claim_machine_type
-- The first job of a type that is for this machine type or for anyone: two
-- walks over one index, merged.
UPDATE jobs SET
  status = 'running', machine = :machine, instance = :instance, epoch = :epoch,
  claimed_at = :now, attempts = attempts + 1
WHERE seq = (
  SELECT seq FROM (
    SELECT priority, seq FROM jobs INDEXED BY jobs_machine_type
      WHERE status = 'available' AND job_type = :job_type
        AND machine_type = :machine_type
    UNION ALL
    SELECT priority, seq FROM jobs INDEXED BY jobs_machine_type
      WHERE status = 'available' AND job_type = :job_type
        AND machine_type IS NULL
    ORDER BY priority, seq LIMIT 1
  )
) RETURNING *;

-- name: claim_id
-- This job, if it is still to be had.
UPDATE jobs SET
  status = 'running', machine = :machine, instance = :instance, epoch = :epoch,
  claimed_at = :now, attempts = attempts + 1
WHERE id = :id AND status = 'available' RETURNING *;

-- name: peek_any
-- What could be claimed, of all.
SELECT * FROM jobs INDEXED BY jobs_any WHERE status = 'available'
    AND (:machine_type IS NULL OR machine_type IS NULL
      OR machine_type = :machine_type)
  ORDER BY priority, seq LIMIT :limit;

-- name: peek_type
-- What could be claimed, of a type.
SELECT * FROM jobs INDEXED BY jobs_type
  WHERE status = 'available' AND job_type = :job_type
  ORDER BY priority, seq LIMIT :limit;

-- name: peek_machine_type
-- What could be claimed, of a type and for a machine type or anyone.
SELECT * FROM jobs INDEXED BY jobs_machine_type
  WHERE status = 'available' AND job_type = :job_type
    AND machine_type = :machine_type
UNION ALL
SELECT * FROM jobs INDEXED BY jobs_machine_type
  WHERE status = 'available' AND job_type = :job_type AND machine_type IS NULL
ORDER BY priority, seq LIMIT :limit;

-- name: complete
-- The work is done.
UPDATE jobs SET
  status = 'completed', result_json = :result_json, ended_at = :now, error = '',
  due_wall = NULL, due_boot = NULL
WHERE id = :id;

-- name: fail
-- An attempt failed: another one later, or no more.
UPDATE jobs SET
  status = :status, error = :error, attempts = :attempts, due_wall = :due_wall,
  due_boot = :due_boot, ended_at = :ended_at
WHERE id = :id;

-- name: release
-- Given back: available again, the attempt does not count.
UPDATE jobs SET
  status = 'available', attempts = max(0, attempts - 1), machine = NULL,
  instance = NULL, epoch = NULL, claimed_at = NULL
WHERE id = :id;

-- name: held
-- What an instance has in hand.
SELECT * FROM jobs INDEXED BY jobs_held
  WHERE status = 'running' AND machine = :machine AND instance = :instance;

-- name: pass_on
-- A job goes to a new owner: the next epoch, or a machine that was started
-- for it.
UPDATE jobs SET
  machine = :machine, instance = :instance, epoch = :epoch,
  attempts = attempts + :more
WHERE id = :id AND status = 'running';

-- name: cancel
-- An operator wants it done no more.
UPDATE jobs SET
  status = 'cancelled', error = :error, ended_at = :now, due_wall = NULL,
  due_boot = NULL
WHERE id = :id;

-- name: again
-- An operator wants it tried again, from the first attempt.
UPDATE jobs SET
  status = 'available', data_json = :data_json, attempts = 0, result_json = NULL,
  due_wall = NULL, due_boot = NULL, ended_at = NULL, claimed_at = NULL,
  machine = NULL, instance = NULL, epoch = NULL
WHERE id = :id;
