/** The HTTP server of the S3 front end: connections, threads, limits, authentication, and the way of a call to its operation. */
package io.tarn.s3.gateway;
