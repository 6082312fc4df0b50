/** What a request asks for: bucket, key, operation and the headers that qualify it, parsed and bounded before any work is done. */
package io.tarn.s3.request;
