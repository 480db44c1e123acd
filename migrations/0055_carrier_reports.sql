-- What a carrier reported of a message that it took: `delivered` or `failed`, whichever came first (SPEC §12; the states are drawn in
-- portaria::message).
alter table outbox add column reported text;
alter table outbox add column reported_at timestamptz;
alter table outbox add constraint outbox_reported_check check (reported in ('delivered', 'failed'));
alter table outbox add constraint outbox_reported_whole check ((reported is null) = (reported_at is null));
-- Until when the word of its delivery is waited for; then the code goes by the next channel. Null: nothing is waited for.
alter table outbox add column report_due_at timestamptz;
-- Whom the carrier says it was, sealed; it may be another number than ours, or none (WhatsApp).
alter table outbox add column wa_id_sealed bytea;
create index outbox_report_due on outbox (report_due_at) where report_due_at is not null;
-- A report names the carrier's id of the message, and nothing else counts.
create index outbox_provider on outbox (channel, provider_id) where provider_id is not null;

-- The channels that a code has gone by since it was last asked for, each once.
alter table verifications add column tried text[] not null default '{}';
-- Whether its present message still waits to be handed over. False also for what a node of the version before sent.
alter table verifications add column queued boolean not null default false;
-- The channel by which it was delivered, as far as carriers say.
alter table verifications add column delivered_by text;
alter table verifications add constraint verifications_delivered_by_check check (delivered_by in ('email', 'sms', 'whatsapp'));
-- Since when the word of its delivery has stayed away too long.
alter table verifications add column late_at timestamptz;

-- Reports and hand-overs meet here, by the carrier's id: a report may come before our own record of the hand-over, and waits in its row.
create table carrier_reports (
    channel     text        not null,
    provider_id text        not null,
    -- null: nothing that waits
    report      text,
    at          timestamptz not null,
    constraint carrier_reports_pkey primary key (channel, provider_id),
    constraint carrier_reports_channel_check check (channel in ('email', 'sms', 'whatsapp')),
    constraint carrier_reports_report_check check (report in ('delivered', 'failed'))
);
create index carrier_reports_at on carrier_reports (at);
