/** The plain pieces of S3 on HTTP: header access, percent coding, dates. What lives here knows no operation and no key. */
package io.tarn.s3.wire;
