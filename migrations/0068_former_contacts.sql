-- By which keyed indexes the audit may name a contact that an account had, so that an erasure finds them (SPEC §13 "Deletion"): the contact
-- itself is forgotten after eight days. Kept as long as the audit.
create table former_contacts (
    account_id  bigint      not null,
    subject     bytea       not null,
    replaced_at timestamptz not null,
    constraint former_contacts_pkey primary key (account_id, subject),
    constraint former_contacts_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index former_contacts_replaced on former_contacts (replaced_at);
-- An erasure finds what the person contested, whatever the tag of the address.
create index contests_counted on contests (coalesce(counted_index, contact_index));
-- Decided contests are swept by the table of retention.
create index contests_decided on contests (decided_at) where decided_at is not null;
