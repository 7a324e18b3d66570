//! The stage: the services of the chain as simulated ones, each of which does as it is told.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::report::{DrilledFault, DrilledLink, SimulatedFault};
use crate::chain::{self, Chain, Link, PictureRequest};
use crate::env::Env;
use crate::fault::lock;
use crate::http::Http;
use crate::image::Picture;
use crate::image::card::{CardStyle, TitleCard};
use crate::image::process::{self, Format};
use crate::image::provenance::Provenance;
use crate::provider::{
    BoxFuture, Dollars, Failure, FailureClass, Prompt, Provider, ProviderName, Ready, Request, SampleAnswer,
    Service,
};
use crate::secret::Scrubber;
use crate::simulation::{SimulatedAnswer, Simulation};

/// Longest time for one attempt at a simulated service, which is on this machine.
const AT_ONCE: Duration = Duration::from_secs(10);
/// Longest time for one scene.
const SCENE: Duration = Duration::from_secs(180);
/// Sides of the picture that is drawn.
const SIZE: (u32, u32) = (640, 352);

/// How the drill goes about it.
pub struct StageOptions<'a> {
    /// The variables that configure the services.
    pub env: &'a Env,
    /// The chain in its order.
    pub links: &'a [Link],
    /// Whether real pictures are asked for.
    pub live: bool,
    /// What they may cost together by the price lists.
    pub budget: Option<Dollars>,
    /// Takes secrets out of what services say.
    pub scrubber: Scrubber,
    /// Cancelled when the run is told to stop.
    pub stop: CancellationToken,
}

/// The stage of a drill.
pub struct Stage<'a> {
    options: StageOptions<'a>,
    http: Http,
    /// The same variables with the addresses of the simulation.
    env: Env,
    /// Which services fail now, and how.
    failing: Arc<Mutex<BTreeMap<String, SimulatedFault>>>,
    /// What real pictures have cost.
    spent: Mutex<Dollars>,
    _simulation: Option<Simulation>,
}

/// A service that is out, whatever it is asked.
struct Disabled;

impl Provider for Disabled {
    fn generate<'a>(&'a self, _: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(std::future::ready(Err(Failure::new(FailureClass::Transient, "disabled for the drill"))))
    }
}

impl<'a> Stage<'a> {
    /// Sets the stage: with simulated services on a port of this machine, unless real ones are asked.
    ///
    /// # Errors
    /// When no port can be had, or no picture can be drawn.
    pub async fn set(options: StageOptions<'a>) -> io::Result<Self> {
        let failing: Arc<Mutex<BTreeMap<String, SimulatedFault>>> = Arc::default();
        if options.live {
            let (http, env) = (Http::default(), Env::default());
            return Ok(Self { options, http, env, failing, spent: Mutex::default(), _simulation: None });
        }
        let picture = picture()?;
        let samples: BTreeMap<String, Vec<SampleAnswer>> = options
            .links
            .iter()
            .map(|link| (link.name().to_string(), link.service.samples.clone()))
            .collect();
        let told = Arc::clone(&failing);
        let port = Arc::new(OnceLock::<String>::new());
        let own = Arc::clone(&port);
        let simulation = Simulation::start(move |target| {
            let name = target.split('/').nth(1).unwrap_or_default();
            let (status, body) = match lock(&told).get(name) {
                Some(fault) => fault.answer(),
                None => {
                    let sample = samples.get(name).into_iter().flatten().find(|sample| sample.fits(target));
                    let body = sample.map(|sample| {
                        let own = own.get().map_or("", String::as_str);
                        sample.with(&picture, &format!("{own}/{name}"))
                    });
                    return SimulatedAnswer { status: 200, body: body.unwrap_or_default() };
                }
            };
            SimulatedAnswer { status, body: Bytes::from_static(body.as_bytes()) }
        })
        .await?;
        // Nobody knows the port before it is had, and nobody asks before this is set.
        let _ = port.set(simulation.address().to_owned());
        let addresses = options.links.iter().flat_map(|link| {
            let address = format!("{}/{}", simulation.address(), link.name());
            link.service.addresses.iter().map(move |variable| (variable.clone(), address.clone()))
        });
        let env = options.env.with(addresses);
        let (http, spent) = (Http::direct(), Mutex::default());
        Ok(Self { options, http, env, failing, spent, _simulation: Some(simulation) })
    }

    /// Tries every place of the chain with those in front of it out, and every way to fail at it.
    pub async fn rehearse(&self, open: impl Fn(chain::Options) -> Chain<Picture>) -> Vec<DrilledLink> {
        let mut links = Vec::new();
        for (place, link) in self.options.links.iter().enumerate() {
            let delivered = self.scene(place, None, &open).await;
            let reason = match &delivered {
                Ok(name) if name == link.name() => None,
                Ok(name) => Some(format!("{name} delivered in its place")),
                Err(reason) => Some(reason.clone()),
            };
            let mut faults = Vec::new();
            for fault in SimulatedFault::ALL.into_iter().filter(|_| !self.options.live) {
                let next = self.scene(place, Some(fault), &open).await.ok();
                faults.push(DrilledFault { fault, delivered_by: next.map(|name| name.to_string()) });
            }
            links.push(DrilledLink {
                provider: link.name().to_string(),
                title: link.service.title.clone(),
                delivers: reason.is_none(),
                works: reason.is_none(),
                reason,
                faults,
            });
        }
        links
    }

    /// Asks for one picture while the places in front of this one are out, and this one fails in this way, if in any;
    /// gives who delivered, or why nobody did.
    async fn scene(
        &self,
        place: usize,
        fault: Option<SimulatedFault>,
        open: impl Fn(chain::Options) -> Chain<Picture>,
    ) -> Result<ProviderName, String> {
        let mut failing = BTreeMap::new();
        for (other, link) in self.options.links.iter().enumerate().take(place + 1) {
            let here = if other < place { Some(SimulatedFault::ServerError) } else { fault };
            failing.extend(here.map(|fault| (link.name().to_string(), fault)));
        }
        *lock(&self.failing) = failing;
        // With real calls nobody behind is paid for what this place cannot do.
        let last = if self.options.live { place } else { self.options.links.len() };
        let links = self.options.links.iter().enumerate().take_while(|(other, _)| *other <= last);
        let links =
            links.map(|(other, link)| self.player(link, other < place)).collect::<Result<Vec<_>, _>>()?;
        let chain = open(chain::Options {
            links,
            overridden: 0,
            patience: Duration::ZERO,
            budget: self.options.budget.filter(|_| self.options.live).map(|most| most - *lock(&self.spent)),
            begun: Instant::now(),
            deadline: Instant::now() + SCENE,
            scrubber: self.options.scrubber.clone(),
            stop: self.options.stop.clone(),
        });
        let prompt = Prompt {
            subject: "a lighthouse on a cliff at dusk".to_owned(),
            style: "flat illustration".to_owned(),
        };
        let wanted = PictureRequest {
            post: 0,
            label: "the drill",
            prompt: &prompt,
            softened: &prompt,
            width: SIZE.0,
            height: SIZE.1,
            seed: 7,
            avoid: None,
        };
        let answer = chain.generate(&wanted).await;
        let attempts = answer.as_ref().map_or_else(|exhausted| &exhausted.attempts, |given| &given.attempts);
        let cost = attempts.iter().filter_map(|attempt| attempt.cost).sum();
        let mut spent = lock(&self.spent);
        *spent = *spent + cost;
        drop(spent);
        match answer {
            Ok(delivered) => Ok(delivered.provider),
            Err(exhausted) => {
                let own = exhausted.reasons.iter().find(|reason| {
                    self.options.links.get(place).is_some_and(|link| **link.name() == *reason.provider)
                });
                Err(own.map_or_else(|| "nobody delivered".to_owned(), |reason| reason.words.clone()))
            }
        }
    }

    /// The service as it plays in a scene: fresh, so that nothing of the last one is remembered.
    fn player(&self, link: &Link, disabled: bool) -> Result<Link, String> {
        let live = self.options.live;
        let ready = match (live, disabled) {
            (true, true) => Ready::new(Disabled, []),
            (true, false) => configured(&link.service, self.options.env, &self.http)?,
            (false, _) => configured(&link.service, &self.env, &self.http)?,
        };
        let timeout = if live { link.timeout } else { link.timeout.min(AT_ONCE) };
        Ok(Link::new(&link.service, ready, link.models.clone(), timeout))
    }
}

fn configured(service: &Service, env: &Env, http: &Http) -> Result<Ready, String> {
    let ready = service.configure(env, http).map_err(|error| error.to_string())?;
    ready.ok_or_else(|| "it is not configured".to_owned())
}

/// The picture that simulated services draw.
fn picture() -> io::Result<Bytes> {
    let style = CardStyle::default();
    let card = TitleCard { title: "Drill", brand: "", style: &style };
    let drawn = card.draw(SIZE.0, SIZE.1).ok_or_else(|| io::Error::other("no picture can be drawn"))?;
    let options = process::Options { width: SIZE.0, height: SIZE.1, format: Format::Jpeg, quality: 85 };
    let finished = process::finish(drawn, &options, &Provenance::card()).map_err(io::Error::other)?;
    Ok(finished.bytes.into())
}
