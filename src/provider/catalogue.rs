//! The services that a run knows.

use std::path::Path;
use std::sync::Arc;

use super::{Service, described};

/// Every known service, in the order of the default chain: cheapest and fastest first.
pub struct Catalogue(Vec<Arc<Service>>);

impl Catalogue {
    /// The services that the program brings along.
    pub fn built_in() -> Self {
        Self::new(super::built_in())
    }

    /// The same and those that the repository at `root` describes in `.github/image-providers/`, with everything that
    /// is wrong with the descriptions.
    pub fn with_those_of(root: &Path) -> (Self, Vec<String>) {
        let Self(mut services) = Self::built_in();
        let known: Vec<&Service> = services.iter().map(Arc::as_ref).collect();
        let (described, problems) = described::of_repository(root, &known);
        services.extend(described.into_iter().map(Arc::new));
        (Self(services), problems)
    }

    /// These services.
    pub fn new(services: impl IntoIterator<Item = Service>) -> Self {
        Self(services.into_iter().map(Arc::new).collect())
    }

    /// The services in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.0.iter()
    }

    /// Their names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|service| &*service.name)
    }

    /// The service with this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Service>> {
        self.0.iter().find(|service| *service.name == *name)
    }
}
