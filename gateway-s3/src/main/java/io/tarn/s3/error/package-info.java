/** S3's error codes with their statuses and default messages, and the one exception that carries them. Depends on nothing. */
package io.tarn.s3.error;
