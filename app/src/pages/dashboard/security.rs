//! How safely the account stands: its ways in, where it is open, and the sign-in before this one.

use crate::components::{Icon, Sign};
use crate::first::Answer;
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::check_up::{Accesses, Condition, MOST_FAILURES, PastAccess, Point};
use portaria::contact::ContactKind;
use portaria::error::Field;
use portaria::view::AccountView;
use text::moment::Moment;

pub fn security(ui: &Ui, account: &AccountView) -> AnyView {
    let texts = &ui.texts.pages.dashboard;
    // What can be done comes first.
    let mut points = account.check_up();
    points.sort_by_key(|(_, condition)| *condition == Condition::Good);
    let lacking = points.iter().filter(|(_, condition)| *condition != Condition::Good).count();
    let words = match lacking {
        0 => texts.all_good.to_owned(),
        1 => texts.one_point.to_owned(),
        n => texts.points(n),
    };
    let items = points.into_iter().map(|(point, condition)| item(ui, account, point, condition)).collect_view();
    let accesses = match ui.answer() {
        Some(Answer::Accesses(accesses)) => accesses.as_ref(),
        _ => None,
    };
    view! {
        <section class="panel" aria-labelledby="security">
            <h2 id="security">{texts.security}</h2>
            <p class="hint">{words}</p>
            <ul class="checks">{items}{accesses.map(|accesses| sessions(ui, accesses))}</ul>
            {accesses.map(|accesses| previous(ui, accesses))}
        </section>
    }
    .into_any()
}

/// A point of the list, with what can be done about it.
fn check(ui: &Ui, good: bool, name: &'static str, words: String, way: Option<(&'static str, &'static str)>) -> AnyView {
    let texts = &ui.texts.pages.dashboard;
    let (sign, read) = if good { (Sign::Good, texts.good) } else { (Sign::Attention, texts.attention) };
    view! {
        <li>
            <Icon sign />
            <div>
                <p>
                    <span class="visually-hidden">{read} " "</span>
                    <strong>{name}</strong>
                </p>
                <p class="hint">{words}</p>
                {way.map(|(href, action)| view! { <p><a href=href>{action}</a></p> })}
            </div>
        </li>
    }
    .into_any()
}

fn item(ui: &Ui, account: &AccountView, point: Point, condition: Condition) -> AnyView {
    let all = ui.texts;
    let texts = &all.pages.dashboard;
    let good = condition == Condition::Good;
    // An account must not hang on one contact: whoever loses it has no way back.
    let (name, words, way) = match (point, condition) {
        (Point::Password, Condition::Good) => (texts.password, texts.has_password.to_owned(), None),
        (Point::Password, _) => (texts.password, texts.no_password.to_owned(), Some((paths::PROFILE_PASSWORD, texts.add_password))),
        (Point::Email, Condition::Missing) => {
            let words = if account.only_contact() == Some(ContactKind::Phone) { texts.only_phone } else { texts.no_email };
            (all.kind(account.kind).email_label, words.to_owned(), Some((paths::PROFILE_EMAIL, texts.add_second_email)))
        }
        (Point::Phone, Condition::Missing) => {
            let words = if account.only_contact() == Some(ContactKind::Email) { texts.only_email } else { texts.no_phone };
            (all.label(account.kind, Field::Phone), words.to_owned(), Some((paths::PROFILE_PHONE, texts.add_second_phone)))
        }
        (Point::Email | Point::Phone, _) => {
            let (name, page, confirm) = if point == Point::Email {
                (all.kind(account.kind).email_label, paths::PROFILE_EMAIL, texts.confirm_email)
            } else {
                (all.label(account.kind, Field::Phone), paths::PROFILE_PHONE, texts.confirm_phone)
            };
            let (note, action) = match condition {
                Condition::Suspended => (all.access.suspended, Some(confirm)),
                // Kinds that sign up by e-mail prove it by the link of their sign-up.
                Condition::Unproved if point == Point::Email && account.kind.journey().contact_is_email() => (texts.contact_unproved, None),
                Condition::Unproved | Condition::Missing => (texts.contact_unproved, Some(confirm)),
                Condition::Good => (texts.contact_proved, None),
            };
            (name, note.to_owned(), action.map(|action| (page, action)))
        }
    };
    check(ui, good, name, words, way)
}

fn sessions(ui: &Ui, accesses: &Accesses) -> AnyView {
    let texts = &ui.texts.pages.dashboard;
    let words = ui.texts.open_on(accesses.sessions.len());
    check(ui, true, texts.sessions, words, Some((paths::PROFILE_OPEN_ON, texts.see_sessions)))
}

/// The sign-in before this session. The present one tells nobody anything.
fn previous(ui: &Ui, accesses: &Accesses) -> AnyView {
    let texts = &ui.texts.pages.dashboard;
    let told = match &accesses.previous {
        None => {
            let words = if accesses.is_young { texts.first_sign_in } else { texts.none_kept };
            view! { <p>{words}</p> }.into_any()
        }
        Some(previous) => {
            let now = accesses.sessions.iter().find(|session| session.current).map(|session| session.address.as_str());
            let at = Moment::of_unix(previous.at).map(|at| texts.at(at.date(), at.time()));
            let failed = match previous.failures_since {
                0 => None,
                1 => Some(texts.one_failure.to_owned()),
                MOST_FAILURES.. => Some(texts.many_failures(MOST_FAILURES)),
                n => Some(texts.failures(n)),
            };
            view! {
                <p>{at}</p>
                <p class="hint">{place(ui, previous, now)}</p>
                {failed.map(|words| view! { <p class="hint">{words}</p> })}
                <p>{texts.not_me} " " <a href=paths::PROFILE_BLOCK>{texts.protect}</a></p>
            }
            .into_any()
        }
    };
    view! {
        <div>
            <h3>{texts.previous}</h3>
            {told}
        </div>
    }
    .into_any()
}

/// By which device, and from where. `now`: the address of the present session.
fn place(ui: &Ui, previous: &PastAccess, now: Option<&str>) -> String {
    let texts = &ui.texts.pages.dashboard;
    let PastAccess { device, address, local, .. } = previous;
    if now == Some(address) {
        texts.same_place(device)
    } else if *local {
        texts.local_place(device, address)
    } else {
        texts.other_place(device, address)
    }
}
