-- Whose message it is, so that its owner can be shown it, and so that it goes with the account (SPEC §13). Nodes of the version before
-- leave it empty: such a message goes with its code or link, or after thirty days.
alter table outbox add column account_id bigint;
-- What it says, by a name of ours: the content is wiped when it leaves. Empty as above.
alter table outbox add column kind text;
alter table outbox add constraint outbox_account_fkey foreign key (account_id) references accounts (id) on delete cascade;
create index outbox_account on outbox (account_id, created_at) where account_id is not null;
