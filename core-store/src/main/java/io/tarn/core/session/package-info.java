/**
 * The client API over shards and extents: sessions with numbered commands, writing and reading of content, the object store. The
 * only package that knows names and bytes at once.
 */
package io.tarn.core.session;
