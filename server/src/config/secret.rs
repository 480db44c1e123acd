//! What must not be printed, and the secret that development makes for itself.

use crate::entropy;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A value that shows itself only to who asks for it by name, and is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; for handing over, never for printing.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where development keeps the secret that it made.
pub(super) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("secret")
}

/// The secret of a data folder, made the first time.
pub(super) fn kept(data_dir: &Path) -> Result<[u8; 32], String> {
    let path = file(data_dir);
    let wrong = |error: io::Error| format!("is not set and cannot be kept in {}: {error}", path.display());
    if !path.exists() {
        fs::create_dir_all(data_dir).map_err(wrong)?;
        write_once(&path, &entropy::bytes()).map_err(wrong)?;
    }
    let text = fs::read_to_string(&path).map_err(wrong)?;
    super::parse::secret_key(text.trim()).map_err(|wrong| format!("is kept in {}, but that {wrong}", path.display()))
}

/// Writes the whole file or none; of two starts at once the first one's secret stays.
fn write_once(path: &Path, key: &[u8; 32]) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    writeln!(file, "{}", STANDARD.encode(key))?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    };
    fs::remove_file(&draft)?;
    linked
}
