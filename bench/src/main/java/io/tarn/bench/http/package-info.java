/** A minimal blocking HTTP/1.1 client, cheap enough that the server under test is what is measured. Used by {@code s3}. */
package io.tarn.bench.http;
