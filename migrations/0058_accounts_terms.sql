-- The version of the terms that an account accepted last, beside the account: every session check reads it. The rows of `consents` remain
-- the record; a null here (an account of before, or one that a node of the version before this one made meanwhile) is read from them.
alter table accounts add column terms text;
