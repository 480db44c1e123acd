-- Look-ups that grow with the data: the devices of an account, an unproved address, what hangs on a code or an account that goes.

create index sessions_of_account on sessions (account_id);
drop index sessions_account;
create index accounts_email_unproved on accounts (email) where email_proved_at is null;
create index outbox_verification on outbox (verification_id);
create index signups_account on signups (account_id) where account_id is not null;
create index refresh_tokens_used on refresh_tokens (used_at) where successor_sealed is not null;
