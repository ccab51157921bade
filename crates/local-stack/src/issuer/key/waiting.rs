//! A key that may still be on its way: making one takes longer than everything else that a start does, and the first
//! minute of a new shop needs none. Whoever needs it waits for it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    thread,
};

use super::{Error, FILE, SigningKey};

/// The issuer's key, there or being made.
pub(in super::super) struct WaitingKey(Arc<Place>);

struct Place {
    key: OnceLock<Result<SigningKey, Error>>,
    data_dir: Option<PathBuf>,
}

impl WaitingKey {
    /// Reads the key of the data folder. Where there is none, a thread begins to make it.
    pub(in super::super) fn load_or_generate(data_dir: Option<&Path>) -> Result<Self, Error> {
        if let Some(folder) = data_dir {
            if let Some(key) = SigningKey::load(folder)? {
                return Ok(Self::there(key));
            }
            let failed = |source| Error::KeyFile { path: folder.join(FILE), doing: "written", source };
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let place = Arc::new(Place { key: OnceLock::new(), data_dir: data_dir.map(Path::to_owned) });
        let making = Arc::clone(&place);
        // Without a thread, or should it panic, the first who needs the key makes it.
        let _ = thread::Builder::new().name("issuer-key".into()).spawn(move || {
            if let Err(error) = making.get() {
                tracing::error!("{error}");
            }
        });
        Ok(Self(place))
    }

    /// A key that need not be waited for.
    pub(in super::super) fn there(key: SigningKey) -> Self {
        Self(Arc::new(Place { key: OnceLock::from(Ok(key)), data_dir: None }))
    }

    /// The key. Blocks until it is there.
    pub(in super::super) fn get(&self) -> Result<&SigningKey, &Error> {
        self.0.get()
    }
}

impl Place {
    fn get(&self) -> Result<&SigningKey, &Error> {
        self.key.get_or_init(|| SigningKey::generate(self.data_dir.as_deref())).as_ref()
    }
}
