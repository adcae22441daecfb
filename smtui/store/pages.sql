-- What screens and commands read, a page at a time. Every page follows an
-- index, so it costs what it shows.

-- name: machines
-- All machines, by name.
SELECT * FROM machines ORDER BY name;

-- name: children
-- All children, by name.
SELECT * FROM children ORDER BY name;

-- name: definition
-- One version of a definition.
SELECT * FROM definitions WHERE hash = :hash;

-- name: instances
-- The lives of a machine, by id.
SELECT * FROM instances
  WHERE machine = :machine AND id > :after
    AND (:status IS NULL OR status = :status)
    AND (:name IS NULL OR id GLOB :name) AND updated_at >= :since
  ORDER BY id LIMIT :limit;

-- name: instances_in
-- Those in one configuration, by id.
SELECT * FROM instances INDEXED BY instances_in
  WHERE machine = :machine AND configuration_json = :configuration
    AND id > :after AND (:status IS NULL OR status = :status)
    AND (:name IS NULL OR id GLOB :name) AND updated_at >= :since
  ORDER BY id LIMIT :limit;

-- name: instances_count
-- How many of them there are.
SELECT count(*) AS n FROM instances
  WHERE machine = :machine AND (:status IS NULL OR status = :status)
    AND (:name IS NULL OR id GLOB :name) AND updated_at >= :since
    AND (:configurations IS NULL OR configuration_json IN (
      SELECT value FROM json_each(:configurations)));

-- name: instance_sizes
-- How many instances of a machine are where.
SELECT status, configuration_json, n FROM instance_sizes
  WHERE machine = :machine AND n > 0;

-- name: instances_all
-- The lives of all machines.
SELECT * FROM instances
  WHERE (:status IS NULL OR status = :status)
  ORDER BY machine, id LIMIT :limit;

-- name: instance
-- One life.
SELECT * FROM instances WHERE machine = :machine AND id = :id;

-- name: timers
-- The delays of a machine, or of all, the next one first.
SELECT * FROM timers WHERE :machine IS NULL OR machine = :machine
  ORDER BY due_wall LIMIT :limit;

-- name: event
-- One event.
SELECT * FROM inbox WHERE id = :id;

-- name: events_newest
-- Events of all machines, the newest first.
SELECT * FROM inbox
  WHERE seq < :before AND accepted_at >= :since
    AND (:status IS NULL OR status = :status)
  ORDER BY seq DESC LIMIT :limit;

-- name: events_newest_machine
-- Events of a machine, the newest first.
SELECT * FROM inbox
  WHERE machine = :machine AND seq < :before AND accepted_at >= :since
    AND (:status IS NULL OR status = :status)
  ORDER BY seq DESC LIMIT :limit;

-- name: events_newest_pending
-- What waits for a machine, the newest first.
SELECT * FROM inbox INDEXED BY inbox_pending
  WHERE machine = :machine AND status = 'pending' AND seq < :before
    AND accepted_at >= :since
  ORDER BY seq DESC LIMIT :limit;

-- name: events_newest_parked
-- The problems of all machines.
SELECT * FROM inbox INDEXED BY inbox_parked
  WHERE status = 'parked' AND seq < :before AND accepted_at >= :since
    AND (:machine IS NULL OR machine = :machine)
  ORDER BY seq DESC LIMIT :limit;

-- name: events_after
-- What came in since, for those who follow.
SELECT * FROM inbox
  WHERE seq > :after AND (:status IS NULL OR status = :status)
    AND accepted_at >= :since
  ORDER BY seq LIMIT :limit;

-- name: events_after_machine
-- What came in for a machine since.
SELECT * FROM inbox
  WHERE machine = :machine AND seq > :after
    AND (:status IS NULL OR status = :status) AND accepted_at >= :since
  ORDER BY seq LIMIT :limit;

-- name: journal_newest
-- Steps of all machines, the newest first.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.id < :before AND j.at >= :since
  ORDER BY j.id DESC LIMIT :limit;

-- name: journal_newest_machine
-- Steps of a machine, the newest first.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.id < :before AND j.at >= :since
    AND (:instance IS NULL OR j.instance = :instance)
  ORDER BY j.id DESC LIMIT :limit;

-- name: journal_after
-- Steps since, for those who follow.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.id > :after AND j.at >= :since
  ORDER BY j.id LIMIT :limit;

-- name: journal_after_machine
-- Steps of a machine since.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.machine = :machine AND j.id > :after AND j.at >= :since
    AND (:instance IS NULL OR j.instance = :instance)
  ORDER BY j.id LIMIT :limit;

-- name: journal_entry
-- One step.
SELECT j.*, b.body FROM journal j LEFT JOIN blobs b ON b.hash = j.patch_hash
  WHERE j.id = :id;

-- name: job
-- One job.
SELECT * FROM jobs WHERE id = :id;

-- name: jobs
-- The queue, the newest first.
SELECT * FROM jobs
  WHERE seq < :before AND (:job_type IS NULL OR job_type = :job_type)
    AND (:machine IS NULL OR machine = :machine)
  ORDER BY seq DESC LIMIT :limit;

-- name: jobs_status
-- The jobs in a state, the newest first.
SELECT * FROM jobs
  WHERE status = :status AND seq < :before
    AND (:job_type IS NULL OR job_type = :job_type)
    AND (:machine IS NULL OR machine = :machine)
  ORDER BY seq DESC LIMIT :limit;

-- name: jobs_next
-- What will be claimed next, in the order of the queue.
SELECT * FROM jobs INDEXED BY jobs_any
  WHERE status = 'available' ORDER BY priority, seq LIMIT :limit;

-- name: jobs_next_type
-- What will be claimed next of a type.
SELECT * FROM jobs INDEXED BY jobs_type
  WHERE status = 'available' AND job_type = :job_type
  ORDER BY priority, seq LIMIT :limit;

-- name: job_counts
-- How many jobs of a type are in a state.
SELECT job_type, machine_type, status, n FROM job_sizes WHERE n > 0
  ORDER BY job_type, machine_type, status;

-- name: jobs_held
-- How many jobs each machine has in hand.
SELECT machine, count(*) AS n FROM jobs INDEXED BY jobs_held
  WHERE status = 'running' GROUP BY machine;

-- name: inbox_counts
-- How many events wait for each machine.
SELECT machine, n FROM waiting WHERE n > 0;

-- name: cut_counts
-- How many rows were ever cut from the history.
SELECT key, CAST(value AS INTEGER) AS n FROM meta
  WHERE key IN ('cut/inbox', 'cut/jobs', 'cut/journal');
