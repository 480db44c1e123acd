//! What a product may be given.

use std::fmt;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A scope. What each one gives: [`claims_of`](super::claims_of).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Scope {
    /// Who it is: a number that stands for the account. Always asked for.
    Openid,
    /// Name, user name, date of birth, gender, picture.
    Profile,
    /// The proved e-mail.
    Email,
    /// The proved phone.
    Phone,
    /// The CPF.
    Cpf,
    /// The CNPJ.
    Cnpj,
    /// A refresh token.
    OfflineAccess,
}

impl Scope {
    /// All of them, in the order in which they are told.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The name in the protocol.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The scope of this name; `None`: we know no such scope.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// Some scopes, each once, in the order of [`Scope::ALL`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// These scopes.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// Reads a list between spaces. What we do not know is left out (OpenID Connect Core §3.1.2.1).
    pub fn known(list: &str) -> Self {
        Self::of(list.split(' ').filter_map(Scope::parse))
    }

    /// Returns whether this scope is among them.
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Returns whether all of these are among them.
    pub fn hold(&self, others: &Self) -> bool {
        others.0.iter().all(|scope| self.has(*scope))
    }

    /// Those that are among both.
    #[must_use]
    pub fn within(&self, others: &Self) -> Self {
        Self::of(self.iter().filter(|scope| others.has(*scope)))
    }

    /// Both together.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        Self::of(self.0.iter().chain(&others.0).copied())
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, scope) in self.0.iter().enumerate() {
            let space = if nth == 0 { "" } else { " " };
            write!(f, "{space}{}", scope.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_scopes_is_read_whatever_else_stands_in_it() {
        let scopes = Scopes::known("offline_access  openid address cpf openid");
        assert_eq!(scopes.to_string(), "openid cpf offline_access");
        assert_eq!(scopes.within(&Scopes::known("openid phone cpf")).to_string(), "openid cpf");
        assert!(scopes.hold(&Scopes::of([Scope::Cpf])) && !scopes.hold(&Scopes::of([Scope::Cnpj])));
        assert_eq!(Scopes::known(&Scopes::of(Scope::ALL.iter().copied()).to_string()).iter().count(), Scope::ALL.len());
    }
}
