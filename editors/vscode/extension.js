// Starts `ers-fhir lsp` for JSON and XML files.
'use strict';

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

async function start() {
  const command = vscode.workspace.getConfiguration('ers-fhir').get('path');
  client = new LanguageClient(
    'ers-fhir',
    'ers-fhir',
    { command, args: ['lsp'] },
    {
      documentSelector: ['json', 'jsonc', 'xml'].map((language) => ({ language })),
      // The server reloads settings, and the definitions that they name, when these files change.
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/ers-fhir.toml') },
    },
  );
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(
      `ers-fhir: ${command} does not start (${error.message}). Install it, or set "ers-fhir.path".`,
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('ers-fhir.restart', async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('ers-fhir.path')) {
        await stop();
        await start();
      }
    }),
  );
  await start();
};

exports.deactivate = stop;
