/** The {@code aws-chunked} body coding: chunks with or without signatures, trailing headers. Knows checksums only as trailers. */
package io.tarn.s3.wire.chunked;
