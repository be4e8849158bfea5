//! How fast instances are read into types, beside `serde_json::Value` and `fhir-model`:
//! `speed <folder of STU3> <folder of R4>`.
//!
//! All run in turn on one thread, file set by file set, so that what else the machine does falls on
//! each alike. The ratios of the medians are what counts. `fhir-model` has no R4.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ers_fhir_model::runtime::Json;

/// How often each is run.
const ROUNDS: usize = 9;
/// Files from this size on are Bundles of hundreds of definitions, and tell little of payloads.
const LARGE: usize = 1_000_000;

/// What is measured: a name, and whether it reads a file.
type Task = (&'static str, fn(&[u8]) -> bool);

const VALUE: Task =
    ("serde_json::Value", |bytes| black_box(serde_json::from_slice::<serde_json::Value>(bytes)).is_ok());
const STU3: [Task; 3] = [
    VALUE,
    ("fhir-model", |bytes| {
        black_box(serde_json::from_slice::<fhir_model::stu3::resources::Resource>(bytes)).is_ok()
    }),
    ("typed", |bytes| black_box(full_stu3::fhir::Resource::from_json(bytes)).is_ok()),
];
const R4: [Task; 2] =
    [VALUE, ("typed", |bytes| black_box(full_r4::fhir::Resource::from_json(bytes)).is_ok())];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let [stu3, r4] = folders.as_slice() else {
        return Err("usage: speed <folder of STU3> <folder of R4>".into());
    };
    for (release, folder, tasks) in [("STU3", stu3, &STU3[..]), ("R4", r4, &R4[..])] {
        let files = instances(Path::new(folder))?;
        let total = files.len();
        let files: Vec<_> = files.into_iter().filter(|file| tasks.iter().all(|(_, read)| read(file))).collect();
        println!("{release}: {} of {total} instances are read by all", files.len());
        let small: Vec<_> = files.iter().filter(|file| file.len() < LARGE).collect();
        measure("below 1 MB", tasks, &small);
        measure("all", tasks, &files.iter().collect::<Vec<_>>());
    }
    Ok(())
}

/// The instances in a folder.
fn instances(folder: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let bytes = std::fs::read(path)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if bytes.windows(14).take(200).any(|window| window == b"\"resourceType\"") {
            files.push(bytes.to_vec());
        }
    }
    Ok(files)
}

fn measure(which: &str, tasks: &[Task], files: &[&Vec<u8>]) {
    let bytes: usize = files.iter().map(|file| file.len()).sum();
    let mut times = vec![Vec::new(); tasks.len()];
    for _ in 0..ROUNDS {
        for ((_, read), times) in tasks.iter().zip(&mut times) {
            let start = Instant::now();
            for file in files {
                black_box(read(file));
            }
            times.push(start.elapsed());
        }
    }
    println!("  {which}: {} files, {:.1} MB", files.len(), bytes as f64 / 1e6);
    let speeds: Vec<f64> = times.iter_mut().map(|times| bytes as f64 / 1e6 / median(times)).collect();
    let ours = speeds.last().copied().unwrap_or_default();
    for ((name, _), speed) in tasks.iter().zip(speeds) {
        println!("    {name:<18} {speed:>7.0} MB/s   typed reads {:>5.2} times as fast", ours / speed);
    }
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
