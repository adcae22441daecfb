-- The tables of the store, the newest version. Times are seconds since the epoch unless
-- a name says boot; columns named *_json hold JSON text. Each statement is made
-- once, in this order, in one transaction.

-- name: meta
-- Facts about the store itself: the boot its due times are counted in, the
-- number of rows cut from the history.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- name: definitions
-- The text of every definition version that ever ran, so that history can be
-- shown with the chart it happened in.
CREATE TABLE definitions (
  hash TEXT PRIMARY KEY,
  dialect TEXT NOT NULL,
  name TEXT NOT NULL,
  file TEXT NOT NULL,
  text TEXT NOT NULL,
  added_at REAL NOT NULL
) STRICT;

-- name: children
-- What is wanted of each supervised process, and what was seen of it last.
CREATE TABLE children (
  name TEXT PRIMARY KEY,
  spec_json TEXT NOT NULL,
  desired TEXT NOT NULL,
  reason TEXT NOT NULL,
  who TEXT NOT NULL,
  desired_at REAL NOT NULL,
  state TEXT NOT NULL DEFAULT 'stopped',
  state_reason TEXT NOT NULL DEFAULT '',
  state_since REAL NOT NULL DEFAULT 0.0,
  pid INTEGER,
  restarts INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- name: machines
-- Each machine with the number of its present owner. left_epoch is the last
-- owner that ended cleanly, boot_id the boot in which the epoch was raised.
CREATE TABLE machines (
  name TEXT PRIMARY KEY,
  child TEXT NOT NULL,
  dialect TEXT NOT NULL,
  definition_hash TEXT NOT NULL,
  file TEXT NOT NULL,
  folder TEXT NOT NULL,
  template INTEGER NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0,
  left_epoch INTEGER NOT NULL DEFAULT 0,
  boot_id TEXT NOT NULL DEFAULT ''
) STRICT;

-- name: inbox
-- Every event that was accepted and every act worth remembering: mailbox and
-- audit log in one, because both are read together.
CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  machine TEXT NOT NULL,
  instance TEXT NOT NULL,
  kind TEXT NOT NULL,
  event TEXT NOT NULL,
  payload_json TEXT NOT NULL,
  source TEXT NOT NULL,
  job_id TEXT,
  key TEXT,
  if_state TEXT,
  status TEXT NOT NULL,
  why TEXT NOT NULL DEFAULT '',
  accepted_at REAL NOT NULL,
  handled_at REAL,
  crashes INTEGER NOT NULL DEFAULT 0,
  journal_id INTEGER,
  message_json TEXT
) STRICT;

-- name: inbox_pending
-- A machine reads what waits for it in order of acceptance.
CREATE INDEX inbox_pending ON inbox (machine, seq) WHERE status = 'pending';

-- name: inbox_waiting
-- check_events takes the oldest of a type, clear_events all of a type.
CREATE INDEX inbox_waiting ON inbox (machine, instance, event, seq)
  WHERE status = 'pending';

-- name: inbox_key
-- A dedupe key is used once a machine.
CREATE UNIQUE INDEX inbox_key ON inbox (machine, key) WHERE key IS NOT NULL;

-- name: inbox_machine
-- The event page of one machine, newest first (the rowid is part of it).
CREATE INDEX inbox_machine ON inbox (machine);

-- name: inbox_parked
-- Parked events are problems, shown on every screen.
CREATE INDEX inbox_parked ON inbox (seq) WHERE status = 'parked';

-- name: waiting
-- How many events wait for each machine, kept by triggers: counting 100,000
-- rows at every accept would make a burst quadratic.
CREATE TABLE waiting (
  machine TEXT PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- name: waiting_in
-- A row that waits is counted.
CREATE TRIGGER waiting_in AFTER INSERT ON inbox WHEN new.status = 'pending'
BEGIN
  INSERT INTO waiting (machine, n) VALUES (new.machine, 1)
    ON CONFLICT (machine) DO UPDATE SET n = n + 1;
END;

-- name: waiting_out
-- A row that waits no longer is not. None ever waits again: requeueing adds one.
CREATE TRIGGER waiting_out AFTER UPDATE OF status ON inbox
  WHEN old.status = 'pending' AND new.status <> 'pending'
BEGIN
  UPDATE waiting SET n = n - 1 WHERE machine = new.machine;
END;

-- name: instances
-- The present snapshot of each instance; null when the next run has not begun.
-- With a rowid: 100,000 snapshots in the leaves of their own key would make
-- that tree deep. is_busy says that a new owner has something to take up, moved
-- how often the configuration has changed.
CREATE TABLE instances (
  machine TEXT NOT NULL,
  id TEXT NOT NULL,
  run INTEGER NOT NULL,
  status TEXT NOT NULL,
  configuration_json TEXT NOT NULL,
  seq INTEGER NOT NULL,
  updated_at REAL NOT NULL,
  snapshot_json TEXT,
  is_busy INTEGER NOT NULL DEFAULT 0,
  moved INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (machine, id)
) STRICT;

-- name: instances_in
-- Which instances are in a state: a page of them costs what it shows.
CREATE INDEX instances_in ON instances (machine, configuration_json, id);

-- name: instances_busy
-- What a new owner has to take up, of 100,000 that wait for an event.
CREATE INDEX instances_busy ON instances (machine, id) WHERE is_busy = 1;

-- name: instance_sizes
-- How many instances are where, kept by triggers.
CREATE TABLE instance_sizes (
  machine TEXT NOT NULL,
  status TEXT NOT NULL,
  configuration_json TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (machine, status, configuration_json)
) STRICT, WITHOUT ROWID;

-- name: instance_sizes_in
-- A new instance is counted.
CREATE TRIGGER instance_sizes_in AFTER INSERT ON instances
BEGIN
  INSERT INTO instance_sizes (machine, status, configuration_json, n)
    VALUES (new.machine, new.status, new.configuration_json, 1)
    ON CONFLICT (machine, status, configuration_json) DO UPDATE SET n = n + 1;
END;

-- name: instance_sizes_move
-- One that moves is counted there.
CREATE TRIGGER instance_sizes_move
  AFTER UPDATE OF status, configuration_json ON instances
  WHEN old.status <> new.status
    OR old.configuration_json <> new.configuration_json
BEGIN
  UPDATE instance_sizes SET n = n - 1
    WHERE machine = old.machine AND status = old.status
      AND configuration_json = old.configuration_json;
  INSERT INTO instance_sizes (machine, status, configuration_json, n)
    VALUES (new.machine, new.status, new.configuration_json, 1)
    ON CONFLICT (machine, status, configuration_json) DO UPDATE SET n = n + 1;
END;

-- name: results
-- What a Store action gave, until a step consumes it: a crash in between finds
-- it here and never asks twice.
CREATE TABLE results (
  machine TEXT NOT NULL,
  instance TEXT NOT NULL,
  pending_id TEXT NOT NULL,
  answer_json TEXT NOT NULL,
  PRIMARY KEY (machine, instance, pending_id)
) STRICT, WITHOUT ROWID;

-- name: timers
-- The delays in the snapshots, so that one can ask what is due without
-- decoding them.
CREATE TABLE timers (
  machine TEXT NOT NULL,
  instance TEXT NOT NULL,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  due_wall REAL NOT NULL,
  due_boot REAL NOT NULL,
  boot_id TEXT NOT NULL,
  PRIMARY KEY (machine, instance, id)
) STRICT, WITHOUT ROWID;

-- name: timers_due
-- The next timers of the fleet, and those that began before a reboot.
CREATE INDEX timers_due ON timers (due_wall);

-- name: timers_next
-- The next timers of a machine, of this boot.
CREATE INDEX timers_next ON timers (machine, boot_id, due_boot);

-- name: watches
-- Which machines to ring when a topic changes; rung, where the instance has not
-- yet looked at what has changed.
CREATE TABLE watches (
  topic TEXT NOT NULL,
  machine TEXT NOT NULL,
  instance TEXT NOT NULL,
  rung INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, machine, instance)
) STRICT, WITHOUT ROWID;

-- name: watches_owner
-- The watches of an instance are compared with its new snapshot.
CREATE INDEX watches_owner ON watches (machine, instance);

-- name: watches_rung
-- Which instances of a machine have something to look at.
CREATE INDEX watches_rung ON watches (machine, instance) WHERE rung = 1;

-- name: counters
-- Change counters: a watch that saw n looks again when there is more.
CREATE TABLE counters (
  topic TEXT PRIMARY KEY,
  n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- name: journal
-- What every step did, append-only. The unique constraint is the promise that
-- a step is journalled once.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  machine TEXT NOT NULL,
  instance TEXT NOT NULL,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at REAL NOT NULL,
  cause TEXT NOT NULL,
  event TEXT NOT NULL,
  from_json TEXT NOT NULL,
  to_json TEXT NOT NULL,
  outcome TEXT NOT NULL,
  why TEXT NOT NULL,
  micro_json TEXT NOT NULL,
  answers_json TEXT,
  patch_json TEXT,
  patch_hash TEXT,
  effects_json TEXT NOT NULL,
  duration_s REAL NOT NULL,
  definition_hash TEXT NOT NULL,
  UNIQUE (machine, instance, run, seq)
) STRICT;

-- name: journal_machine
-- The history page of one machine, newest first (the rowid is part of it).
CREATE INDEX journal_machine ON journal (machine);

-- name: journal_event
-- Where an event of an instance came before, and comes next.
CREATE INDEX journal_event ON journal (machine, instance, event, run, seq)
  WHERE event <> '';

-- name: journal_move
-- Where an instance enters a state again. A step that moves nothing is not in
-- it: most steps of a machine that works.
CREATE INDEX journal_move ON journal (machine, instance, to_json, run, seq)
  WHERE from_json <> to_json;

-- name: journal_patch
-- Which blobs are still in use.
CREATE INDEX journal_patch ON journal (patch_hash) WHERE patch_hash IS NOT NULL;

-- name: blobs
-- Data patches over 64 KiB, so that pages of the journal stay small.
CREATE TABLE blobs (
  hash TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

-- name: snapshots
-- A full snapshot at the first step of a run and every 200 after it, so that a
-- replay starts near any row.
CREATE TABLE snapshots (
  machine TEXT NOT NULL,
  instance TEXT NOT NULL,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  journal_id INTEGER NOT NULL,
  snapshot_json TEXT NOT NULL,
  PRIMARY KEY (machine, instance, run, seq)
) STRICT;

-- name: snapshots_journal
-- Old ones are cut with the journal.
CREATE INDEX snapshots_journal ON snapshots (journal_id);

-- name: jobs
-- The queue. due_wall and due_boot are set while a job is scheduled or
-- retryable only; due_boot counts in the boot that meta names.
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  job_type TEXT NOT NULL,
  machine_type TEXT,
  status TEXT NOT NULL,
  priority INTEGER NOT NULL,
  data_json TEXT NOT NULL,
  result_json TEXT,
  error TEXT NOT NULL DEFAULT '',
  key TEXT UNIQUE,
  attempts INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  source_job_id TEXT,
  source TEXT NOT NULL,
  created_at REAL NOT NULL,
  due_wall REAL,
  due_boot REAL,
  claimed_at REAL,
  ended_at REAL,
  machine TEXT,
  instance TEXT,
  epoch INTEGER
) STRICT;

-- name: jobs_type
-- A claim by type takes the first of this index.
CREATE INDEX jobs_type ON jobs (job_type, priority, seq)
  WHERE status = 'available';

-- name: jobs_machine_type
-- A claim by type and machine type takes the first of this index, among its
-- own and those for anyone.
CREATE INDEX jobs_machine_type ON jobs (job_type, machine_type, priority, seq)
  WHERE status = 'available';

-- name: jobs_any
-- A claim that does not say which type.
CREATE INDEX jobs_any ON jobs (priority, seq) WHERE status = 'available';

-- name: jobs_due
-- What becomes available next.
CREATE INDEX jobs_due ON jobs (due_boot) WHERE due_boot IS NOT NULL;

-- name: jobs_held
-- What a machine has in hand.
CREATE INDEX jobs_held ON jobs (machine, instance) WHERE status = 'running';

-- name: jobs_status
-- The pages of the queue.
CREATE INDEX jobs_status ON jobs (status);

-- name: jobs_ended
-- Old ended jobs are cut by age.
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;

-- name: job_sizes
-- How many jobs of a type are in a state, kept by triggers; '' stands for any
-- machine type.
CREATE TABLE job_sizes (
  job_type TEXT NOT NULL,
  machine_type TEXT NOT NULL,
  status TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (job_type, machine_type, status)
) STRICT, WITHOUT ROWID;

-- name: job_sizes_in
-- A new job is counted.
CREATE TRIGGER job_sizes_in AFTER INSERT ON jobs
BEGIN
  INSERT INTO job_sizes (job_type, machine_type, status, n)
    VALUES (new.job_type, coalesce(new.machine_type, ''), new.status, 1)
    ON CONFLICT (job_type, machine_type, status) DO UPDATE SET n = n + 1;
END;

-- name: job_sizes_move
-- A job that changes its state is counted there.
CREATE TRIGGER job_sizes_move AFTER UPDATE OF status ON jobs
  WHEN old.status <> new.status
BEGIN
  UPDATE job_sizes SET n = n - 1
    WHERE job_type = old.job_type
      AND machine_type = coalesce(old.machine_type, '')
      AND status = old.status;
  INSERT INTO job_sizes (job_type, machine_type, status, n)
    VALUES (new.job_type, coalesce(new.machine_type, ''), new.status, 1)
    ON CONFLICT (job_type, machine_type, status) DO UPDATE SET n = n + 1;
END;

-- name: job_sizes_out
-- A job that is cut is counted no longer.
CREATE TRIGGER job_sizes_out AFTER DELETE ON jobs
BEGIN
  UPDATE job_sizes SET n = n - 1
    WHERE job_type = old.job_type
      AND machine_type = coalesce(old.machine_type, '')
      AND status = old.status;
END;

-- name: invocations
-- How each invoked machine was invoked last, and by whom. A token is one
-- invocation: a later one of the same machine has another.
CREATE TABLE invocations (
  machine TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  parent TEXT NOT NULL,
  parent_instance TEXT NOT NULL,
  invoke_id TEXT NOT NULL,
  src TEXT NOT NULL,
  data_json TEXT NOT NULL,
  status TEXT NOT NULL,
  at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- name: invocations_parent
-- What a machine has invoked.
CREATE INDEX invocations_parent ON invocations (parent) WHERE status = 'active';
