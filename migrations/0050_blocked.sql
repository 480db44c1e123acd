-- Since when an account is blocked by its owner (SPEC §13). Nodes of the version before do not know it, and let such an account sign in until
-- they are gone.
alter table accounts add column blocked_at timestamptz;
