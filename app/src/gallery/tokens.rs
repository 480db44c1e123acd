//! The tokens, as `style/tokens.css` has them; the colours as the brand has them.

use crate::ui::Ui;
use leptos::prelude::*;
use portaria::brand::{Brand, Colour, Role, Scheme};

const TOKENS: &str = include_str!("../../../style/tokens.css");

/// Name and value of each token in a scheme, in their order. What is no colour stands in the light alone.
fn of(scheme: Scheme) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut blocks = TOKENS.split("@media");
    let block = blocks.nth(scheme as usize).unwrap_or_default();
    block.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "))
}

/// The colour of a token: the brand's, if it is of a role.
fn colour(brand: &Brand, scheme: Scheme, name: &str) -> Option<Colour> {
    let role = Role::ALL.iter().find(|role| role.property() == name);
    let (_, ours) = of(scheme).find(|(token, _)| *token == name)?;
    role.map_or_else(|| Colour::parse(ours), |role| Some(brand.palette.of(scheme, *role)))
}

/// The colours of both schemes for a page that says which one it is in, whatever the device says.
#[must_use]
pub fn scheme_style(brand: &Brand) -> String {
    let block = |scheme| {
        let lines = of(scheme).filter_map(|(name, _)| Some(format!("--{name}:{};", colour(brand, scheme, name)?)));
        let name = super::name_of(scheme);
        format!("html[data-scheme={name}]{{color-scheme:{name};{}}}", lines.collect::<String>())
    };
    format!("@media (forced-colors:none){{{}{}}}\n", block(Scheme::Light), block(Scheme::Dark))
}

pub fn colours(ui: &Ui) -> AnyView {
    let texts = &ui.texts.pages.components;
    let brand = ui.brand();
    let swatch = |scheme, name: &str| {
        let colour = colour(brand, scheme, name)?;
        let paper = brand.palette.of(scheme, Role::Paper);
        let read = (name != Role::Paper.property()).then(|| texts.on_paper(colour.against(paper)));
        Some(view! {
            <p class="swatch">
                <svg width="48" height="32" aria-hidden="true">
                    <rect width="48" height="32" fill=paper.to_string() />
                    <rect x="6" y="6" width="36" height="20" rx="4" fill=colour.to_string() />
                </svg>
                {colour.to_string()}
                " "
                <span class="hint">{read}</span>
            </p>
        })
    };
    let rows = of(Scheme::Light).filter(|(name, _)| colour(brand, Scheme::Light, name).is_some()).map(|(name, _)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{swatch(Scheme::Light, name)} {swatch(Scheme::Dark, name)}</dd>
            </div>
        }
    });
    view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

pub fn measures(ui: &Ui) -> AnyView {
    let rows = of(Scheme::Light).filter(|(name, _)| colour(ui.brand(), Scheme::Light, name).is_none()).map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_a_scheme_has_every_colour_of_it() {
        let css = scheme_style(&Brand::default());
        let (light, dark) = css.split_once("html[data-scheme=dark]").expect("both");
        for name in ["paper", "accent-strong", "good-wash", "warn"] {
            for (scheme, block) in [(Scheme::Light, light), (Scheme::Dark, dark)] {
                let line = format!("--{name}:{};", colour(&Brand::default(), scheme, name).expect("a colour"));
                assert!(block.contains(&line), "{line} in {block}");
            }
        }
    }
}
