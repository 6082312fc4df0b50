/** Digests of object content: the five checksums of S3, MD5 and ETags, several at once over a stream, and their combination over parts. */
package io.tarn.s3.checksum;
