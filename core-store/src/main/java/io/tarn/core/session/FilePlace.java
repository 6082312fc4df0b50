package io.tarn.core.session;

/** What an open file needs of its client. */
record FilePlace(Names names, Writers writers, BlockReader blocks, WriteBack memory, PromisedChanges promises) {}
