//! An editor as far as the language server is concerned: it speaks the protocol over pipes.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// An editor that has started `ers-fhir lsp`.
pub(crate) struct Editor {
    server: Child,
    to_server: Option<ChildStdin>,
    from_server: Receiver<Value>,
    requests: u64,
    /// What was told while an answer was waited for.
    told: VecDeque<Value>,
    /// What the server said of itself.
    pub(crate) capabilities: Value,
}

impl Editor {
    /// Starts the server in a folder, and greets it.
    pub(crate) fn start(folder: &Path, encodings: &[&str]) -> Self {
        Self::start_with(folder, &json!({ "general": { "positionEncodings": encodings } }))
    }

    /// The same for an editor that can do so much.
    pub(crate) fn start_with(folder: &Path, capabilities: &Value) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_ers-fhir"))
            .args(["lsp", "--stdio"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let to_server = server.stdin.take();
        let mut output = BufReader::new(server.stdout.take().expect("it is piped"));
        let (sender, from_server) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut editor = Self {
            server,
            to_server,
            from_server,
            requests: 0,
            told: VecDeque::new(),
            capabilities: Value::Null,
        };
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        let answer = editor.ask("initialize", &params);
        editor.capabilities = answer["capabilities"].clone();
        editor.tell("initialized", &json!({}));
        editor
    }

    /// Sends a notification.
    pub(crate) fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request, and waits for its answer.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        let answer = self.whole_answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The same, with what is around the result.
    pub(crate) fn whole_answer(&mut self, method: &str, params: &Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.from_server.recv_timeout(PATIENCE).expect("the server answers");
            if message["id"] == id {
                return message;
            }
            self.told.push_back(message);
        }
    }

    /// Sends bytes as they are.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let pipe = self.to_server.as_mut().expect("it is open");
        pipe.write_all(bytes).and_then(|()| pipe.flush()).expect("the server reads");
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Opens a file with that content.
    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "json", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    /// Replaces a range, or all.
    pub(crate) fn change(&mut self, uri: &str, version: usize, range: &Value, text: &str) {
        let change =
            if range.is_null() { json!({ "text": text }) } else { json!({ "range": range, "text": text }) };
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// The findings that the server tells next of a file.
    pub(crate) fn findings(&mut self, uri: &str) -> Vec<Value> {
        self.findings_where(uri, |_| true)
    }

    /// The findings in a version of a file.
    pub(crate) fn findings_of(&mut self, uri: &str, version: usize) -> Vec<Value> {
        self.findings_where(uri, |params| params["version"] == version)
    }

    fn findings_where(&mut self, uri: &str, is_meant: impl Fn(&Value) -> bool) -> Vec<Value> {
        loop {
            let next = self.told.pop_front();
            let message =
                next.unwrap_or_else(|| self.from_server.recv_timeout(PATIENCE).expect("findings are told"));
            let params = &message["params"];
            let is_told = message["method"] == "textDocument/publishDiagnostics" && params["uri"] == uri;
            if is_told && is_meant(params) {
                return params["diagnostics"].as_array().cloned().unwrap_or_default();
            }
        }
    }

    /// Ends the server as editors do; its exit status.
    pub(crate) fn quit(mut self) -> i32 {
        self.ask("shutdown", &Value::Null);
        self.tell("exit", &Value::Null);
        self.wait()
    }

    /// Goes away without a word; the exit status of the server.
    pub(crate) fn leave(mut self) -> i32 {
        self.wait()
    }

    fn wait(&mut self) -> i32 {
        self.to_server = None;
        self.server.wait().expect("the server ends").code().expect("it exits")
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
