//! A site as tests look at it.

use std::collections::{HashMap, HashSet};

use ers_fhir_docs::{File, Sources, Theme, site};

/// The files of a site.
pub(crate) fn files(sources: &Sources) -> Vec<File> {
    let theme = Theme::new().expect("our theme");
    theme.files(&site(sources)).collect::<Result<_, _>>().expect("a site")
}

/// Whether a file is a page.
pub(crate) fn is_page(file: &File) -> bool {
    file.path.strip_suffix(".html").is_some()
}

/// The values of an attribute in a page.
pub(crate) fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    page.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Every broken link, and every anchor that occurs twice.
pub(crate) fn broken(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut places: HashMap<&str, HashSet<&str>> = HashMap::new();
    for file in files {
        let of_page = places.entry(&file.path).or_default();
        for id in attributes(&file.text, "id") {
            if !of_page.insert(id) {
                faults.push(format!("{} has two places #{id}", file.path));
            }
        }
    }
    for file in files.iter().filter(|file| is_page(file)) {
        let links = attributes(&file.text, "href").into_iter().chain(attributes(&file.text, "src"));
        for link in links.filter(|link| !link.starts_with("https://") && !link.starts_with("http://")) {
            let (path, place) =
                link.split_once('#').map_or((link, None), |(path, place)| (path, Some(place)));
            let mut steps: Vec<&str> = file.path.split('/').collect();
            steps.pop();
            for step in path.split('/') {
                if step == ".." {
                    steps.pop();
                } else {
                    steps.push(step);
                }
            }
            let target = if path.is_empty() { file.path.clone() } else { steps.join("/") };
            let found = places.get(target.as_str());
            if found.is_none_or(|found| place.is_some_and(|place| !found.contains(place))) {
                faults.push(format!("{} leads to {link}", file.path));
            }
        }
    }
    faults
}
