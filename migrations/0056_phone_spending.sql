-- Messages with codes to phones, by day of São Paulo and DDD (SPEC §12 "Spending"); the DDD '' is all of them together. No phone stands
-- here.
create table phone_spending (
    day      date    not null,
    ddd      text    not null,
    -- messages with a code to a phone that was not proved yet, by whichever channel
    unproved integer not null default 0,
    -- SMS with a code
    sms      integer not null default 0,
    -- phones that were proved
    proved   integer not null default 0,
    -- whether the log has told that SMS rests
    alarmed  boolean not null default false,
    constraint phone_spending_pkey primary key (day, ddd)
);
