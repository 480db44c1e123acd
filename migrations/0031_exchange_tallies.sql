-- Counts in one round trip: replaces tallies, if each is still as its reader saw it, and returns whether. If one is not, none is
-- replaced. Arrays of arrays must be rectangular in SQL, so the instants of each tally come as the text of an array.
create function exchange_tallies(scopes text[], keys bytea[], seen text[], counted text[], blocked timestamptz[], forget timestamptz)
returns boolean language plpgsql as $$
begin
    insert into tallies (scope, key, forget_at)
    select asked.scope, asked.key, forget from unnest(scopes, keys) as asked (scope, key)
    on conflict (scope, key) do nothing;
    -- in the order given, which is the same for everybody: no deadlock
    perform from tallies join unnest(scopes, keys) with ordinality as asked (scope, key, nth)
        on tallies.scope = asked.scope and tallies.key = asked.key
    order by asked.nth for update of tallies;
    if exists (
        select from unnest(scopes, keys, seen) as asked (scope, key, hits)
        join tallies on tallies.scope = asked.scope and tallies.key = asked.key
        where tallies.hits <> asked.hits::timestamptz[] or tallies.blocked_until is not null
    ) then
        return false;
    end if;
    update tallies
    set hits = asked.hits::timestamptz[], blocked_until = asked.blocked_until, forget_at = greatest(tallies.forget_at, forget, asked.blocked_until)
    from unnest(scopes, keys, counted, blocked) as asked (scope, key, hits, blocked_until)
    where tallies.scope = asked.scope and tallies.key = asked.key;
    return true;
end
$$;
