-- The trace of the request that left a message goes on in its delivery, at whichever node (W3C Trace Context; SPEC §14). Null: none
-- was made.
alter table outbox add column traceparent text;
