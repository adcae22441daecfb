-- Machines with many instances: who has something to do, a page at a time.

-- name: busy
-- What a new owner has to take up.
SELECT * FROM instances INDEXED BY instances_busy
  WHERE machine = :machine AND is_busy = 1 AND id > :after
  ORDER BY id LIMIT :limit;

-- name: due
-- Delays of this boot that are over, in order of due.
SELECT instance FROM timers INDEXED BY timers_next
  WHERE machine = :machine AND boot_id = :boot_id AND due_boot <= :boot
  ORDER BY due_boot LIMIT :limit;

-- name: next
-- The next delay of this boot that is not over: one that waits for its
-- instance to be free must not wake anybody.
SELECT due_wall, due_boot FROM timers INDEXED BY timers_next
  WHERE machine = :machine AND boot_id = :boot_id AND due_boot > :boot
  ORDER BY due_boot LIMIT 1;

-- name: is_old
-- Are there delays that began before the computer was last started?
SELECT EXISTS (SELECT 1 FROM timers INDEXED BY timers_next
    WHERE machine = :machine AND boot_id < :boot_id)
  OR EXISTS (SELECT 1 FROM timers INDEXED BY timers_next
    WHERE machine = :machine AND boot_id > :boot_id) AS found;

-- name: due_old
-- Delays of another boot that are over by the wall clock.
SELECT instance FROM timers INDEXED BY timers_due
  WHERE due_wall <= :wall AND machine = :machine AND boot_id <> :boot_id
  ORDER BY due_wall LIMIT :limit;

-- name: next_old
-- The next of those.
SELECT due_wall FROM timers INDEXED BY timers_due
  WHERE due_wall > :wall AND machine = :machine AND boot_id <> :boot_id
  ORDER BY due_wall LIMIT 1;

-- name: sizes
-- How many instances of a machine are where.
SELECT status, configuration_json, n FROM instance_sizes
  WHERE machine = :machine AND n > 0;
