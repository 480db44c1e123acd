-- `accounts.deletion_asked_at` has been there from the start. Nodes of the version before do not know what it means, and let such an
-- account sign in: it is erased all the same.
create index accounts_deletion on accounts (deletion_asked_at) where deletion_asked_at is not null;

-- Rights to undo a deletion and come in, for a browser whose sign-in was right: by keyed hash.
create table undo_grants (
    token_hash bytea       not null,
    account_id bigint      not null,
    remembered boolean     not null,
    expires_at timestamptz not null,
    constraint undo_grants_pkey primary key (token_hash),
    constraint undo_grants_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index undo_grants_account on undo_grants (account_id);
create index undo_grants_expiry on undo_grants (expires_at);

-- So that what development captured goes with its person.
alter table captured_messages add column recipient_index bytea;
create index captured_messages_recipient on captured_messages (recipient_index) where recipient_index is not null;

-- So that the events of an erased account are found.
create index webhook_deliveries_of on webhook_deliveries (account_id) where status <> 'queued';
