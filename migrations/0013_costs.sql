-- What is refused over a limit leaves no row of its own: one row a minute, client and kind says how often (SPEC §16).
-- Such a row stands at its whole minute, so that all nodes add to the same one.
alter table audit add column times integer not null default 1;
create unique index audit_refusals on audit (at, address, outcome) where event = 'excess_rate_limit_exceeded';

-- Sessions are swept, and with them the memory that an account was ever signed in to: the first sign-in ever is no
-- "new device", the first one after a long time is.
alter table accounts add column signed_in_before boolean not null default false;
update accounts set signed_in_before = true where exists (select from sessions where sessions.account_id = accounts.id);

-- What the sweeps of SPEC §13 look for (server/src/db/retention.rs): none of them reads a table from end to end.
create index accounts_unproved on accounts (created_at) where email_proved_at is null and phone_proved_at is null;
create index outbox_finished on outbox (created_at) where status <> 'queued';
create index sessions_ended on sessions (ended_at) where ended_at is not null;
create index signup_devices_expiry on signup_devices (expires_at);
create index verifications_asked on verifications (asked_at);
create index verifications_sealed on verifications (asked_at) where secret_sealed is not null;
