//! What the editor may ask, and who answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use gbc_ide::Columns;
use tower_lsp_server::jsonrpc::Result;
use tower_lsp_server::ls_types::*;
use tower_lsp_server::{Client, LanguageServer};

use crate::Shelf;
use crate::desk::Desk;
use crate::shapes::Page;

/// All open documents, and the editor that opened them.
pub(crate) struct Server {
    client: Client,
    /// Whether the editor asked for the end.
    agreed: Arc<AtomicBool>,
    desk: Mutex<Desk>,
}

impl Server {
    pub(crate) fn new(client: Client, shelf: Box<dyn Shelf>, agreed: Arc<AtomicBool>) -> Server {
        Server { client, agreed, desk: Mutex::new(Desk::new(shelf)) }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().expect("no handler panics while it holds the desk")
    }

    /// Takes a text in and says what is wrong with it, and with those that use it.
    async fn take(&self, uri: Uri, text: String, version: i32) {
        let changed = self.desk().take(&uri, text, version);
        self.say(&changed).await;
    }

    /// Says what is wrong with documents.
    async fn say(&self, uris: &[Uri]) {
        for uri in uris {
            let said = {
                let desk = self.desk();
                desk.get(uri).map(|opened| (Page { opened, desk: &desk }.diagnostics(), opened.version))
            };
            if let Some((diagnostics, version)) = said {
                self.client.publish_diagnostics(uri.clone(), diagnostics, Some(version)).await;
            }
        }
    }

    /// An answer about an open document; nothing about others.
    fn about<T>(&self, uri: &Uri, answer: impl FnOnce(Page<'_>) -> Option<T>) -> Result<Option<T>> {
        let desk = self.desk();
        Ok(desk.get(uri).and_then(|opened| answer(Page { opened, desk: &desk })))
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let offered = params.capabilities.general.and_then(|general| general.position_encodings).unwrap_or_default();
        let bytes = offered.contains(&PositionEncodingKind::UTF8);
        self.desk().columns = if bytes { Columns::Utf8 } else { Columns::Utf16 };
        let encoding = if bytes { PositionEncodingKind::UTF8 } else { PositionEncodingKind::UTF16 };
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let server_info = Some(ServerInfo { name: "gbc".to_owned(), version });
        Ok(InitializeResult { capabilities: abilities(encoding), server_info, ..InitializeResult::default() })
    }

    async fn shutdown(&self) -> Result<()> {
        self.agreed.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, text, version, .. } = params.text_document;
        self.take(uri, text, version).await;
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        // Each change is a whole text: the last one stands.
        if let Some(change) = params.content_changes.into_iter().next_back() {
            self.take(params.text_document.uri, change.text, params.text_document.version).await;
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        let users = self.desk().close(&uri);
        self.client.publish_diagnostics(uri, Vec::new(), None).await;
        self.say(&users).await;
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        self.about(&text_document.uri, |page| page.hover(position))
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        self.about(&text_document.uri, |page| page.definition(position).map(GotoDefinitionResponse::Scalar))
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.about(&params.text_document.uri, |page| Some(DocumentSymbolResponse::Nested(page.symbols())))
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.about(&params.text_document.uri, |page| Some(page.format()))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let wanted = params.context.only.is_none_or(|kinds| kinds.contains(&CodeActionKind::QUICKFIX));
        self.about(&params.text_document.uri, |page| Some(if wanted { page.fixes(params.range) } else { Vec::new() }))
    }
}

fn abilities(encoding: PositionEncodingKind) -> ServerCapabilities {
    let fixes =
        CodeActionOptions { code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]), ..CodeActionOptions::default() };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(fixes)),
        ..ServerCapabilities::default()
    }
}
