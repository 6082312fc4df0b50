/** S3's XML documents: bounded parsing of what clients send, a writer straight to bytes for what we answer. */
package io.tarn.s3.xml;
