//! The way to the GPU: an instance, an adapter, a device and its queue.
//!
//! In: which adapter is wanted. Out: [`Gpu`], which remembers what goes wrong behind the program's back. Refuses with the names
//! of what there is, or of the package that brings a software driver.

use super::RenderError;
use std::sync::{Arc, Mutex, OnceLock};

/// Which adapter to take.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AdapterChoice {
    /// What the system prefers.
    #[default]
    Auto,
    LowPower,
    HighPerformance,
    /// The software rasteriser.
    Software,
    /// The first whose name contains this, upper and lower case alike.
    Named(String),
}

/// Everything that owns the GPU.
#[derive(Debug)]
pub struct Gpu {
    pub instance: wgpu::Instance,
    pub adapter: wgpu::Adapter,
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    pub(super) faults: Faults,
}

/// What a device reports outside of any call.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults {
    lost: Arc<OnceLock<String>>,
    refused: Arc<Mutex<Option<String>>>,
}

impl Faults {
    /// Listens to a device; `told` hears of its loss too.
    fn listen(&self, device: &wgpu::Device, told: impl Fn(String) + Send + 'static) {
        let lost = Arc::clone(&self.lost);
        device.set_device_lost_callback(move |reason, message| {
            let cause = format!("{reason:?}: {message}");
            // the first cause is the one that counts
            let _ = lost.set(cause.clone());
            told(cause);
        });
        let refused = Arc::clone(&self.refused);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            log::error!("{error}");
            if let Ok(mut refused) = refused.lock() {
                refused.get_or_insert_with(|| error.to_string());
            }
        }));
    }

    /// An error if the device is lost or has refused something since the last call.
    pub fn check(&self) -> Result<(), RenderError> {
        if let Some(cause) = self.lost.get() {
            return Err(RenderError::DeviceLost(cause.clone()));
        }
        let refused = self.refused.lock().ok().and_then(|mut refused| refused.take());
        refused.map_or(Ok(()), |cause| Err(RenderError::Refused(cause)))
    }
}

impl Gpu {
    /// Without a window.
    ///
    /// # Errors
    /// [`RenderError::NoAdapter`], [`RenderError::NoSuchAdapter`], [`RenderError::Device`].
    pub fn headless(choice: &AdapterChoice) -> Result<Self, RenderError> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
        pollster::block_on(Self::request(instance, choice, None))
    }

    /// For a surface of `instance`; the adapter can present to it.
    ///
    /// # Errors
    /// As [`Gpu::headless`].
    pub fn for_surface(instance: wgpu::Instance, choice: &AdapterChoice, surface: &wgpu::Surface<'_>) -> Result<Self, RenderError> {
        pollster::block_on(Self::request(instance, choice, Some(surface)))
    }

    /// The same without blocking, for hosts that may not.
    ///
    /// # Errors
    /// As [`Gpu::headless`].
    pub async fn request(
        instance: wgpu::Instance,
        choice: &AdapterChoice,
        surface: Option<&wgpu::Surface<'_>>,
    ) -> Result<Self, RenderError> {
        let adapter = match choice {
            AdapterChoice::Named(name) => named(&instance, name, surface).await?,
            _ => preferred(&instance, choice, surface).await?,
        };
        let limits = wgpu::Limits::downlevel_webgl2_defaults().using_resolution(adapter.limits());
        let limits = wgpu::Limits { max_buffer_size: adapter.limits().max_buffer_size, ..limits };
        let descriptor = wgpu::DeviceDescriptor { label: Some("foldscape"), required_limits: limits, ..Default::default() };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|e| RenderError::Device(e.to_string()))?;
        let faults = Faults::default();
        faults.listen(&device, |_| {});
        Ok(Self { instance, adapter, device, queue, faults })
    }

    /// `told` is called with the cause when the device is gone. From then on every drawing is refused with
    /// [`RenderError::DeviceLost`], and a new [`Gpu`] and [`Renderer`](super::Renderer) go on.
    pub fn on_lost(&self, told: impl Fn(String) + Send + 'static) {
        self.faults.listen(&self.device, told);
    }

    /// One line for people: the adapter's name, its kind and the API.
    #[must_use]
    pub fn describe(&self) -> String {
        let info = self.adapter.get_info();
        format!("{} ({:?}, {:?})", info.name, info.device_type, info.backend)
    }
}

async fn preferred(
    instance: &wgpu::Instance,
    choice: &AdapterChoice,
    surface: Option<&wgpu::Surface<'_>>,
) -> Result<wgpu::Adapter, RenderError> {
    let power_preference = match choice {
        AdapterChoice::LowPower => wgpu::PowerPreference::LowPower,
        AdapterChoice::HighPerformance => wgpu::PowerPreference::HighPerformance,
        _ => wgpu::PowerPreference::None,
    };
    let force_fallback_adapter = *choice == AdapterChoice::Software;
    let options =
        wgpu::RequestAdapterOptions { power_preference, force_fallback_adapter, compatible_surface: surface, ..Default::default() };
    instance.request_adapter(&options).await.map_err(|e| RenderError::NoAdapter(e.to_string()))
}

async fn named(instance: &wgpu::Instance, name: &str, surface: Option<&wgpu::Surface<'_>>) -> Result<wgpu::Adapter, RenderError> {
    let all = instance.enumerate_adapters(wgpu::Backends::all()).await;
    let names: Vec<String> = all.iter().map(|a| a.get_info().name).collect();
    let wanted = name.to_lowercase();
    let fits = |a: &wgpu::Adapter| a.get_info().name.to_lowercase().contains(&wanted) && surface.is_none_or(|s| a.is_surface_supported(s));
    match all.into_iter().find(fits) {
        Some(adapter) => Ok(adapter),
        None if names.is_empty() => Err(RenderError::NoAdapter("no adapter at all".to_owned())),
        None => Err(RenderError::NoSuchAdapter { asked: name.to_owned(), there_are: names.join(", ") }),
    }
}
