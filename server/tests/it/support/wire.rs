//! A wire to Postgres that reads along: what the server asks, statement by statement.

use super::database;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What was read along.
#[derive(Default)]
struct Read {
    /// Each statement that was executed, `BEGIN` and `COMMIT` too: one round trip each, once its connection has prepared it.
    executed: Vec<String>,
    /// Every prepared statement with the types of its parameters.
    prepared: BTreeMap<String, Vec<u32>>,
    /// How many statements still pass, and the pool of whoever asks; `None`: all pass.
    left: Option<(usize, PgPool)>,
    /// One was stopped, and nothing passes any more: to Postgres whoever asks is dead.
    is_cut: bool,
}

impl Read {
    /// Reads a statement along. `false`: it does not pass, nor does anything after it.
    fn passes(&mut self, statement: String) -> bool {
        match &mut self.left {
            Some((0, pool)) => {
                // Closed before it is waited for: who is dead asks for no connection, and waits for none.
                drop(pool.close());
                self.left = None;
                self.is_cut = true;
            }
            Some((left, _)) => *left -= 1,
            None => {}
        }
        if !self.is_cut {
            self.executed.push(statement);
        }
        !self.is_cut
    }
}

#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<Read>>);

impl Wire {
    /// A fresh database, and a pool that reaches it by the wire.
    pub async fn laid() -> (Self, PgPool) {
        Self::laid_to(&database().await).await
    }

    /// Another way to a database.
    pub async fn laid_to(direct: &PgPool) -> (Self, PgPool) {
        let wire = Self::default();
        let options = direct.connect_options().as_ref().clone();
        let postgres = (options.get_host().to_owned(), options.get_port());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let options = options.host("127.0.0.1").port(listener.local_addr().expect("an address").port());
        // On a thread of its own: when a test ends, a `TestApp` still reads its messages while the test's runtime stands still.
        let reader = wire.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(reader.carry(listener, postgres));
        });
        (wire, PgPoolOptions::new().max_connections(4).test_before_acquire(false).connect_with(options).await.expect("the wire"))
    }

    async fn carry(self, listener: std::net::TcpListener, postgres: (String, u16)) {
        let listener = TcpListener::from_std(listener).expect("a listener");
        while let Ok((from, _)) = listener.accept().await {
            if self.is_cut() {
                continue;
            }
            let to = TcpStream::connect(&postgres).await.expect("Postgres");
            let (from_read, mut from_write) = from.into_split();
            let (mut to_read, to_write) = to.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut to_read, &mut from_write).await });
            tokio::spawn(self.clone().read_along(from_read, to_write));
        }
    }

    async fn read_along(self, mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin) -> std::io::Result<()> {
        let (mut statements, mut portals) = (HashMap::<Vec<u8>, String>::new(), HashMap::<Vec<u8>, String>::new());
        // The first message has no tag.
        let length = from.read_u32().await?;
        let mut body = vec![0; length as usize - 4];
        from.read_exact(&mut body).await?;
        to.write_u32(length).await?;
        to.write_all(&body).await?;
        loop {
            let tag = from.read_u8().await?;
            let length = from.read_u32().await?;
            let mut body = vec![0; length as usize - 4];
            from.read_exact(&mut body).await?;
            let mut words = body.split(|byte| *byte == 0).map(<[u8]>::to_vec);
            let mut word = || words.next().unwrap_or_default();
            match tag {
                b'P' => {
                    let (name, text) = (word(), word());
                    let types = &body[name.len() + text.len() + 2..];
                    let types = types[2..].chunks_exact(4).map(|it| u32::from_be_bytes(it.try_into().expect("four bytes"))).collect();
                    let text = String::from_utf8(text).expect("SQL");
                    self.0.lock().expect("the wire").prepared.insert(text.clone(), types);
                    statements.insert(name, text);
                }
                b'B' => {
                    let (portal, name) = (word(), word());
                    portals.insert(portal, statements.get(&name).cloned().unwrap_or_default());
                }
                b'E' => {
                    let text = portals.get(&word()).cloned().unwrap_or_default();
                    if !self.0.lock().expect("the wire").passes(text) {
                        return Ok(());
                    }
                }
                b'Q' => {
                    let text = String::from_utf8(word()).expect("SQL");
                    if !self.0.lock().expect("the wire").passes(text) {
                        return Ok(());
                    }
                }
                _ if self.is_cut() => return Ok(()),
                _ => {}
            }
            to.write_u8(tag).await?;
            to.write_u32(length).await?;
            to.write_all(&body).await?;
        }
    }

    /// The statements that were executed since the last call.
    pub fn executed(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("the wire").executed)
    }

    /// Cuts it after so many more statements, as if whoever asks by this pool were killed there.
    pub fn cut_after(&self, statements: usize, pool: &PgPool) {
        self.0.lock().expect("the wire").left = Some((statements, pool.clone()));
    }

    pub fn is_cut(&self) -> bool {
        self.0.lock().expect("the wire").is_cut
    }

    pub fn prepared(&self) -> BTreeMap<String, Vec<u32>> {
        self.0.lock().expect("the wire").prepared.clone()
    }
}
