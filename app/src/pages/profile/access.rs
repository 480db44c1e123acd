//! Acesso e segurança: what opens the account, how each stands, and where it is changed.

use crate::first::Answer;
use crate::paths;
use crate::ui::Ui;
use leptos::prelude::*;
use portaria::view::AccountView;

/// What opens the account, or tells of it: its name, how it stands where that is known, and the link that changes it.
struct Row {
    name: &'static str,
    state: Option<String>,
    href: &'static str,
    action: &'static str,
}

pub fn access(ui: &Ui, account: &AccountView) -> AnyView {
    let texts = &ui.texts.pages.profile;
    let rows = rows(ui, account).map(|Row { name, state, href, action }| {
        view! {
            <li>
                <div>
                    <p>
                        <strong>{name}</strong>
                    </p>
                    {state.map(|state| view! { <p class="hint">{state}</p> })}
                </div>
                <a href=href>{action}</a>
            </li>
        }
    });
    view! {
        <section class="panel" aria-labelledby="access">
            <h2 id="access">{texts.access}</h2>
            <ul class="checks">{rows.into_iter().collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn rows(ui: &Ui, account: &AccountView) -> [Row; 4] {
    let all = ui.texts;
    let texts = &all.pages.profile;
    let open = match ui.answer() {
        Some(Answer::Openings(open)) => open.as_ref(),
        _ => None,
    };
    let (password, set_password) = if account.has_password {
        (texts.password_set, texts.change_password)
    } else {
        (texts.password_unset, all.access.create_password_submit)
    };
    let products = |products: usize| match products {
        0 => all.openid.products_none.to_owned(),
        1 => texts.one_product.to_owned(),
        n => texts.products(n),
    };
    [
        Row { name: all.pages.dashboard.password, state: Some(password.to_owned()), href: paths::PROFILE_PASSWORD, action: set_password },
        Row {
            name: texts.sessions,
            state: open.map(|open| all.open_on(open.sessions.len())),
            href: paths::PROFILE_OPEN_ON,
            action: all.pages.dashboard.see_sessions,
        },
        Row {
            name: texts.products_name,
            state: open.map(|open| products(open.products)),
            href: paths::PROFILE_PRODUCTS,
            action: texts.see_products,
        },
        Row { name: all.own_data.title, state: Some(texts.own_data.to_owned()), href: paths::PROFILE_DATA, action: texts.see_own_data },
    ]
}
