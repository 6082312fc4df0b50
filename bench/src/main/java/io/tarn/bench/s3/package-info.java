/** S3 requests as the load needs them: signed, sent, and every answer verified. Used by {@code load}. */
package io.tarn.bench.s3;
