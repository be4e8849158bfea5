//! The server: it handles the messages of the editor.

use std::sync::Arc;
use std::time::Duration;

use ers_fhir_ers::example;
use ers_fhir_ers::service;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::guarded;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability, CodeActionResponse,
    CompletionItem, CompletionList, CompletionOptions, CompletionParams, CompletionResponse,
    CompletionTextEdit, Diagnostic, GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverContents,
    HoverParams, HoverProviderCapability, InitializeParams, InsertTextFormat, Location, MarkupContent,
    MarkupKind, OneOf, Position, PublishDiagnosticsParams, Range, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    TextEdit, Uri,
};
use serde_json::Value;

use crate::outline::Outline;
use crate::project::Project;
use crate::state::{Problem, State, is_settings};
use crate::text::Encoding;
use crate::{actions, check, completion, definition, hover, settings, stdio, uri};

/// Checks that take longer wait until the editor is idle.
const QUICK: Duration = Duration::from_millis(40);
/// How long the editor is idle before a slow check begins.
const IDLE: Duration = Duration::from_millis(150);

/// Why the server ended prematurely.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The editor violated the protocol.
    #[error("the editor does not speak the Language Server Protocol: {0}")]
    Protocol(#[source] lsp_server::ProtocolError),
    /// The initialization of the editor cannot be understood.
    #[error("the editor's first request cannot be read: {0}")]
    Initialize(#[from] serde_json::Error),
    /// The connection broke.
    #[error("the connection to the editor broke: {0}")]
    Connection(#[from] std::io::Error),
    /// No thread can be started.
    #[error("no thread can be started to read from the editor and write to it: {0}")]
    Threads(#[source] std::io::Error),
    /// The editor closed the connection.
    #[error("the editor closed the connection without shutdown and exit (Language Server Protocol)")]
    Gone,
}

impl From<lsp_server::ProtocolError> for ServerError {
    fn from(error: lsp_server::ProtocolError) -> Self {
        if error.channel_is_disconnected() { Self::Gone } else { Self::Protocol(error) }
    }
}

/// Serves an editor on standard input and output, until it shuts the server down.
///
/// # Errors
///
/// If the editor closes the connection prematurely, or violates the protocol.
pub fn serve_stdio() -> Result<(), ServerError> {
    let (connection, threads) = stdio::connection().map_err(ServerError::Threads)?;
    let served = serve(&connection);
    // The writer waits for it to be dropped.
    drop(connection);
    served?;
    Ok(threads.join()?)
}

/// Serves an editor on a connection, until it shuts the server down.
///
/// # Errors
///
/// If the editor closes the connection prematurely, or violates the protocol.
pub fn serve(connection: &Connection) -> Result<(), ServerError> {
    let mut state = State::default();
    let first = state.project(None);
    // Without this thread, the first check takes longer.
    let _ = std::thread::Builder::new().name("warm-up".to_owned()).spawn(move || warm(&first));
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params)?;
    let items = params.capabilities.text_document.and_then(|of| of.completion?.completion_item);
    let offered =
        params.capabilities.general.and_then(|general| general.position_encodings).unwrap_or_default();
    let encoding = Encoding::best(&offered);
    let answer = serde_json::json!({
        "capabilities": capabilities(encoding),
        "serverInfo": { "name": "ers-fhir", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer)?;
    state.encoding = encoding;
    state.has_snippets = items.and_then(|items| items.snippet_support).unwrap_or_default();
    Server { connection, state }.run()
}

/// Compiles in advance what the first payload is likely to need.
fn warm(project: &Arc<Project>) {
    let _done = guarded(|| {
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            for endpoint in service::endpoints().into_iter().filter(|endpoint| endpoint.release == version) {
                let Some(caller) = example::callers(endpoint).first().copied() else { continue };
                let sample = example::good(endpoint, caller, 0);
                if let Ok(content) = std::str::from_utf8(&sample.call.body) {
                    check::check(project, None, content);
                }
            }
        }
    });
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["\"", "/", ":", "<"].map(str::to_owned).into()),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::new(actions::FIX_ALL)]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

struct Server<'c> {
    connection: &'c Connection,
    state: State,
}

impl Server<'_> {
    fn run(&mut self) -> Result<(), ServerError> {
        loop {
            // All pending edits are applied before anything is checked.
            let wait = self.state.stale().map(|file| if file.cost < QUICK { Duration::ZERO } else { IDLE });
            let message = match wait {
                None => Some(self.connection.receiver.recv().map_err(|_| ServerError::Gone)?),
                Some(wait) => self.connection.receiver.recv_timeout(wait).ok(),
            };
            match message {
                Some(Message::Request(request)) => {
                    if self.connection.handle_shutdown(&request)? {
                        return Ok(());
                    }
                    self.request(request)?;
                }
                Some(Message::Notification(notification)) => self.notified(notification)?,
                Some(Message::Response(_)) => {}
                None => {
                    let Some(uri) = self.state.stale().map(|file| file.uri.clone()) else { continue };
                    self.check(&uri)?;
                }
            }
        }
    }

    fn send(&self, message: impl Into<Message>) -> Result<(), ServerError> {
        self.connection.sender.send(message.into()).map_err(|_| ServerError::Gone)
    }

    fn notify<N: notification::Notification>(&self, params: N::Params) -> Result<(), ServerError> {
        self.send(Notification::new(N::METHOD.to_owned(), params))
    }

    fn publish(&self, uri: Uri, found: Vec<Diagnostic>, version: Option<i32>) -> Result<(), ServerError> {
        self.notify::<notification::PublishDiagnostics>(PublishDiagnosticsParams {
            uri,
            diagnostics: found,
            version,
        })
    }

    fn check(&mut self, uri: &Uri) -> Result<(), ServerError> {
        self.state.check(uri);
        if let Some(file) = self.state.file(uri).filter(|file| !is_settings(file.path.as_deref())) {
            let found = file.findings.iter().map(|finding| check::shown(finding, uri, &file.text)).collect();
            self.publish(uri.clone(), found, Some(file.version))?;
        }
        self.tell_problems()
    }

    /// Faults in settings are shown in their file.
    fn tell_problems(&mut self) -> Result<(), ServerError> {
        let mut by_file: Vec<(Uri, Vec<Diagnostic>)> = Vec::new();
        for Problem { path, place, message, severity } in self.state.take_problems() {
            let Some(uri) = uri::of(&path) else { continue };
            let (line, column) = place.unwrap_or((1, 1));
            let at =
                Position { line: line.saturating_sub(1) as u32, character: column.saturating_sub(1) as u32 };
            let found = Diagnostic {
                range: Range { start: at, end: Position { character: at.character + 1, ..at } },
                severity: Some(severity),
                source: Some("ers-fhir".to_owned()),
                message,
                ..Diagnostic::default()
            };
            match by_file.iter_mut().find(|(known, _)| *known == uri) {
                Some((_, all)) => all.push(found),
                None => by_file.push((uri, vec![found])),
            }
        }
        by_file.into_iter().try_for_each(|(uri, found)| self.publish(uri, found, None))
    }

    fn notified(&mut self, notification: Notification) -> Result<(), ServerError> {
        match notification.method.as_str() {
            notification::DidOpenTextDocument::METHOD => {
                let Some(params) = read::<notification::DidOpenTextDocument>(notification) else {
                    return Ok(());
                };
                let document = params.text_document;
                self.state.open(document.uri, document.version, document.text);
            }
            notification::DidChangeTextDocument::METHOD => {
                let Some(params) = read::<notification::DidChangeTextDocument>(notification) else {
                    return Ok(());
                };
                if let Some(file) = self.state.file_mut(&params.text_document.uri) {
                    file.text.change(params.content_changes);
                    file.version = params.text_document.version;
                    file.is_stale = true;
                }
            }
            notification::DidCloseTextDocument::METHOD => {
                let Some(params) = read::<notification::DidCloseTextDocument>(notification) else {
                    return Ok(());
                };
                self.state.close(&params.text_document.uri);
                self.publish(params.text_document.uri, Vec::new(), None)?;
            }
            notification::DidSaveTextDocument::METHOD => {
                let Some(params) = read::<notification::DidSaveTextDocument>(notification) else {
                    return Ok(());
                };
                let uri = params.text_document.uri;
                if is_settings(uri::path(&uri).as_deref()) {
                    self.publish(uri, Vec::new(), None)?;
                    self.state.forget_projects();
                }
            }
            notification::DidChangeWatchedFiles::METHOD => self.state.forget_projects(),
            _ => {}
        }
        Ok(())
    }

    fn request(&mut self, request: Request) -> Result<(), ServerError> {
        let id = request.id.clone();
        let answer = guarded(|| self.answer(request));
        let response = match answer {
            Ok(Ok(value)) => Response::new_ok(id, value),
            Ok(Err((code, message))) => Response::new_err(id, code as i32, message),
            Err(report) => failed(id, &report),
        };
        self.send(response)
    }

    fn answer(&mut self, request: Request) -> Result<Value, (ErrorCode, String)> {
        let params = request.params;
        match request.method.as_str() {
            request::HoverRequest::METHOD => Ok(value(self.hover(&parsed(params)?))),
            request::Completion::METHOD => Ok(value(self.complete(&parsed(params)?))),
            request::GotoDefinition::METHOD => Ok(value(self.lead(&parsed(params)?))),
            request::CodeActionRequest::METHOD => Ok(value(self.act(&parsed(params)?))),
            method => Err((ErrorCode::MethodNotFound, format!("{method} is not supported"))),
        }
    }

    fn hover(&mut self, params: &HoverParams) -> Option<Hover> {
        let at = &params.text_document_position_params;
        let (project, setting, release) = self.state.known(&at.text_document.uri)?;
        let file = self.state.file(&at.text_document.uri)?;
        let offset = file.text.offset(at.position);
        let found = file.findings.iter().filter(|_| !file.is_stale);
        let here = found.filter(|finding| {
            let range = check::range(finding, &file.text);
            range.start <= at.position && at.position <= range.end
        });
        let mut texts: Vec<String> = here.map(hover::explained).collect();
        let outline = Outline::new(file.text.content());
        let said = hover::hover(&outline, project.hints(release), &setting.all_profiles(), offset);
        let range = said.as_ref().map(|(_, span)| file.text.range(span));
        texts.splice(0..0, said.map(|(text, _)| text));
        (!texts.is_empty()).then(|| Hover {
            contents: HoverContents::Markup(MarkupContent {
                kind: MarkupKind::Markdown,
                value: texts.join("\n---\n\n"),
            }),
            range,
        })
    }

    fn complete(&mut self, params: &CompletionParams) -> Option<CompletionResponse> {
        let at = &params.text_document_position;
        let (project, setting, release) = self.state.known(&at.text_document.uri)?;
        let file = self.state.file(&at.text_document.uri)?;
        let offset = file.text.offset(at.position);
        let content = file.text.content();
        let (offers, span) = if is_settings(file.path.as_deref()) {
            settings::offers(content, offset)
        } else {
            let profiles = setting.all_profiles();
            completion::offers(&Outline::new(content), content, project.hints(release), &profiles, offset)
        };
        let range = file.text.range(&span);
        let has_snippets = self.state.has_snippets;
        let items = offers.into_iter().enumerate().map(|(number, offer)| CompletionItem {
            // Editors filter by the text at the place, including quotes.
            filter_text: Some(offer.text.clone()),
            sort_text: Some(format!("{number:05}")),
            insert_text_format: has_snippets.then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range,
                new_text: offer.written(has_snippets),
            })),
            label: offer.label,
            detail: Some(offer.detail).filter(|detail| !detail.is_empty()),
            kind: Some(offer.kind),
            ..CompletionItem::default()
        });
        Some(CompletionResponse::List(CompletionList { is_incomplete: false, items: items.collect() }))
    }

    fn lead(&self, params: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
        let at = &params.text_document_position_params;
        let file = self.state.file(&at.text_document.uri)?;
        let outline = Outline::new(file.text.content());
        let target = definition::target(&outline, file.text.offset(at.position))?;
        let range = file.text.range(&outline.part(target).span);
        Some(GotoDefinitionResponse::Scalar(Location { uri: file.uri.clone(), range }))
    }

    fn act(&mut self, params: &CodeActionParams) -> Option<CodeActionResponse> {
        let uri = &params.text_document.uri;
        // Edits are bytes of the text that was checked.
        if self.state.file(uri)?.is_stale {
            self.state.check(uri);
        }
        let file = self.state.file(uri)?;
        let all = actions::actions(&file.findings, uri, &file.text, params.range);
        let wanted = params.context.only.as_ref();
        let is_wanted = |kind: Option<&CodeActionKind>| {
            let Some((wanted, kind)) = wanted.zip(kind) else { return true };
            wanted.iter().any(|wanted| {
                let rest = kind.as_str().strip_prefix(wanted.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        Some(all.into_iter().filter(|action| is_wanted(action.kind.as_ref())).map(Into::into).collect())
    }
}

fn read<N: notification::Notification>(notification: Notification) -> Option<N::Params> {
    serde_json::from_value(notification.params).ok()
}

fn parsed<T: serde::de::DeserializeOwned>(params: Value) -> Result<T, (ErrorCode, String)> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

/// An answer as JSON; null if there is none.
fn value<T: serde::Serialize>(answer: Option<T>) -> Value {
    answer.and_then(|answer| serde_json::to_value(answer).ok()).unwrap_or(Value::Null)
}

fn failed(id: RequestId, report: &ers_fhir_report::Report) -> Response {
    let message = report.diagnostics.first().map_or_else(String::new, |found| found.message.masked());
    Response::new_err(id, ErrorCode::InternalError as i32, message)
}
