using Cairn.Api.S3.Operations;

namespace Cairn.Api.S3.Routing;

/// <summary>Operations on a bucket.</summary>
internal static class BucketOperations
{
    private const ResourceLevel Level = ResourceLevel.Bucket;

    public static readonly OperationRow[] Rows =
    [
        new("CreateBucket", "PUT", Level, "", "s3:CreateBucket") { Handler = CreateBucket.HandleAsync },
        new("HeadBucket", "HEAD", Level, "", "s3:ListBucket") { Handler = HeadBucket.HandleAsync },
        new("DeleteBucket", "DELETE", Level, "", "s3:DeleteBucket")
        {
            Handler = DeleteBucket.HandleAsync,
        },
        new("ListObjects", "GET", Level, "", "s3:ListBucket") { Handler = ListObjects.HandleAsync },
        new("ListObjectsV2", "GET", Level, "", "s3:ListBucket")
        {
            Distinction = Distinction.ListType2,
            Handler = ListObjectsV2.HandleAsync,
        },
        new("ListObjectVersions", "GET", Level, "versions", "s3:ListBucketVersions")
        {
            Handler = ListObjectVersions.HandleAsync,
        },
        new("ListMultipartUploads", "GET", Level, "uploads", "s3:ListBucketMultipartUploads")
        {
            Handler = ListMultipartUploads.HandleAsync,
        },
        new("DeleteObjects", "POST", Level, "delete", "s3:DeleteObject")
        {
            IsAuthorizedByKey = true,
            Handler = DeleteObjects.HandleAsync,
        },
        new("PostObject", "POST", Level, "", "s3:PutObject"),
        new("PreflightBucket", "OPTIONS", Level, "", "s3:GetBucketCORS"),
        new("CreateSession", "GET", Level, "session", "s3express:CreateSession"),
        new("GetBucketLocation", "GET", Level, "location", "s3:GetBucketLocation")
        {
            Handler = GetBucketLocation.HandleAsync,
        },
        new("GetBucketAcl", "GET", Level, "acl", "s3:GetBucketAcl")
        {
            Handler = GetBucketAcl.HandleAsync,
        },
        new("PutBucketAcl", "PUT", Level, "acl", "s3:PutBucketAcl")
        {
            Handler = PutBucketAcl.HandleAsync,
        },
        new("GetBucketVersioning", "GET", Level, "versioning", "s3:GetBucketVersioning")
        {
            Handler = GetBucketVersioning.HandleAsync,
        },
        new("PutBucketVersioning", "PUT", Level, "versioning", "s3:PutBucketVersioning")
        {
            Handler = PutBucketVersioning.HandleAsync,
        },
        new("GetBucketTagging", "GET", Level, "tagging", "s3:GetBucketTagging")
        {
            Handler = GetBucketTagging.HandleAsync,
        },
        new("PutBucketTagging", "PUT", Level, "tagging", "s3:PutBucketTagging")
        {
            Handler = PutBucketTagging.HandleAsync,
        },
        new("DeleteBucketTagging", "DELETE", Level, "tagging", "s3:PutBucketTagging")
        {
            Handler = DeleteBucketTagging.HandleAsync,
        },
        new("GetBucketAbac", "GET", Level, "abac", "s3:GetBucketABAC"),
        new("PutBucketAbac", "PUT", Level, "abac", "s3:PutBucketABAC"),
        new("GetBucketAccelerateConfiguration", "GET", Level, "accelerate", "s3:GetAccelerateConfiguration"),
        new("PutBucketAccelerateConfiguration", "PUT", Level, "accelerate", "s3:PutAccelerateConfiguration"),
        new("ListBucketAnalyticsConfigurations", "GET", Level, "analytics", "s3:GetAnalyticsConfiguration"),
        new("GetBucketAnalyticsConfiguration", "GET", Level, "analytics", "s3:GetAnalyticsConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new("PutBucketAnalyticsConfiguration", "PUT", Level, "analytics", "s3:PutAnalyticsConfiguration"),
        new("DeleteBucketAnalyticsConfiguration", "DELETE", Level, "analytics", "s3:PutAnalyticsConfiguration"),
        new(
            "ListBucketIntelligentTieringConfigurations",
            "GET",
            Level,
            "intelligent-tiering",
            "s3:GetIntelligentTieringConfiguration"),
        new(
            "GetBucketIntelligentTieringConfiguration",
            "GET",
            Level,
            "intelligent-tiering",
            "s3:GetIntelligentTieringConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new(
            "PutBucketIntelligentTieringConfiguration",
            "PUT",
            Level,
            "intelligent-tiering",
            "s3:PutIntelligentTieringConfiguration"),
        new(
            "DeleteBucketIntelligentTieringConfiguration",
            "DELETE",
            Level,
            "intelligent-tiering",
            "s3:PutIntelligentTieringConfiguration"),
        new("ListBucketInventoryConfigurations", "GET", Level, "inventory", "s3:GetInventoryConfiguration"),
        new("GetBucketInventoryConfiguration", "GET", Level, "inventory", "s3:GetInventoryConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new("PutBucketInventoryConfiguration", "PUT", Level, "inventory", "s3:PutInventoryConfiguration"),
        new("DeleteBucketInventoryConfiguration", "DELETE", Level, "inventory", "s3:PutInventoryConfiguration"),
        new("ListBucketMetricsConfigurations", "GET", Level, "metrics", "s3:GetMetricsConfiguration"),
        new("GetBucketMetricsConfiguration", "GET", Level, "metrics", "s3:GetMetricsConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new("PutBucketMetricsConfiguration", "PUT", Level, "metrics", "s3:PutMetricsConfiguration"),
        new("DeleteBucketMetricsConfiguration", "DELETE", Level, "metrics", "s3:PutMetricsConfiguration"),
        new("GetBucketCors", "GET", Level, "cors", "s3:GetBucketCORS"),
        new("PutBucketCors", "PUT", Level, "cors", "s3:PutBucketCORS"),
        new("DeleteBucketCors", "DELETE", Level, "cors", "s3:PutBucketCORS"),
        new("GetBucketEncryption", "GET", Level, "encryption", "s3:GetEncryptionConfiguration"),
        new("PutBucketEncryption", "PUT", Level, "encryption", "s3:PutEncryptionConfiguration"),
        new("DeleteBucketEncryption", "DELETE", Level, "encryption", "s3:PutEncryptionConfiguration"),
        new("GetBucketLifecycleConfiguration", "GET", Level, "lifecycle", "s3:GetLifecycleConfiguration"),
        new("PutBucketLifecycleConfiguration", "PUT", Level, "lifecycle", "s3:PutLifecycleConfiguration"),
        new("DeleteBucketLifecycle", "DELETE", Level, "lifecycle", "s3:PutLifecycleConfiguration"),
        new("GetBucketLogging", "GET", Level, "logging", "s3:GetBucketLogging"),
        new("PutBucketLogging", "PUT", Level, "logging", "s3:PutBucketLogging"),
        new(
            "CreateBucketMetadataConfiguration",
            "POST",
            Level,
            "metadataConfiguration",
            "s3:CreateBucketMetadataTableConfiguration"),
        new(
            "GetBucketMetadataConfiguration",
            "GET",
            Level,
            "metadataConfiguration",
            "s3:GetBucketMetadataTableConfiguration"),
        new(
            "DeleteBucketMetadataConfiguration",
            "DELETE",
            Level,
            "metadataConfiguration",
            "s3:DeleteBucketMetadataTableConfiguration"),
        new(
            "CreateBucketMetadataTableConfiguration",
            "POST",
            Level,
            "metadataTable",
            "s3:CreateBucketMetadataTableConfiguration"),
        new(
            "GetBucketMetadataTableConfiguration",
            "GET",
            Level,
            "metadataTable",
            "s3:GetBucketMetadataTableConfiguration"),
        new(
            "DeleteBucketMetadataTableConfiguration",
            "DELETE",
            Level,
            "metadataTable",
            "s3:DeleteBucketMetadataTableConfiguration"),
        new(
            "UpdateBucketMetadataAnnotationTableConfiguration",
            "PUT",
            Level,
            "metadataAnnotationTable",
            "s3:UpdateBucketMetadataAnnotationTableConfiguration"),
        new(
            "UpdateBucketMetadataInventoryTableConfiguration",
            "PUT",
            Level,
            "metadataInventoryTable",
            "s3:UpdateBucketMetadataInventoryTableConfiguration"),
        new(
            "UpdateBucketMetadataJournalTableConfiguration",
            "PUT",
            Level,
            "metadataJournalTable",
            "s3:UpdateBucketMetadataJournalTableConfiguration"),
        new("GetBucketNotificationConfiguration", "GET", Level, "notification", "s3:GetBucketNotification"),
        new("PutBucketNotificationConfiguration", "PUT", Level, "notification", "s3:PutBucketNotification"),
        new("GetObjectLockConfiguration", "GET", Level, "object-lock", "s3:GetBucketObjectLockConfiguration"),
        new("PutObjectLockConfiguration", "PUT", Level, "object-lock", "s3:PutBucketObjectLockConfiguration"),
        new("GetBucketOwnershipControls", "GET", Level, "ownershipControls", "s3:GetBucketOwnershipControls"),
        new("PutBucketOwnershipControls", "PUT", Level, "ownershipControls", "s3:PutBucketOwnershipControls"),
        new("DeleteBucketOwnershipControls", "DELETE", Level, "ownershipControls", "s3:PutBucketOwnershipControls"),
        new("GetBucketPolicy", "GET", Level, "policy", "s3:GetBucketPolicy"),
        new("PutBucketPolicy", "PUT", Level, "policy", "s3:PutBucketPolicy"),
        new("DeleteBucketPolicy", "DELETE", Level, "policy", "s3:DeleteBucketPolicy"),
        new("GetBucketPolicyStatus", "GET", Level, "policyStatus", "s3:GetBucketPolicyStatus"),
        new("GetPublicAccessBlock", "GET", Level, "publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        new("PutPublicAccessBlock", "PUT", Level, "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        new("DeletePublicAccessBlock", "DELETE", Level, "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        new("GetBucketReplication", "GET", Level, "replication", "s3:GetReplicationConfiguration"),
        new("PutBucketReplication", "PUT", Level, "replication", "s3:PutReplicationConfiguration"),
        new("DeleteBucketReplication", "DELETE", Level, "replication", "s3:PutReplicationConfiguration"),
        new("GetBucketRequestPayment", "GET", Level, "requestPayment", "s3:GetBucketRequestPayment"),
        new("PutBucketRequestPayment", "PUT", Level, "requestPayment", "s3:PutBucketRequestPayment"),
        new("GetBucketWebsite", "GET", Level, "website", "s3:GetBucketWebsite"),
        new("PutBucketWebsite", "PUT", Level, "website", "s3:PutBucketWebsite"),
        new("DeleteBucketWebsite", "DELETE", Level, "website", "s3:DeleteBucketWebsite"),
    ];
}
