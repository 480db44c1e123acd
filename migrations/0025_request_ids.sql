-- The request that caused an audit row (SPEC §14): the same id stands in the log and in `X-Request-Id`. Null: no request did (an operator, a
-- sweep, what many refusals were counted into), or the row is older. Nodes of the version before write none.
alter table audit add column request_id uuid;
