/** Operations on the service and on buckets: creating, naming, versioning, tags, lists of access, and what is not offered. */
package io.tarn.s3.bucket;
