-- `/metrics` asks how long the oldest message of each channel waits (SPEC §14): one look, however many wait.
create index outbox_oldest on outbox (channel, created_at) where status = 'queued';
